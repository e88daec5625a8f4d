// Where the decoder puts itself; the rest of its package, a recorder, is left out.
const recorder = {}
Object['Recorder-Core-Export'] = recorder
export default recorder
