// The ground of the simulator's map: the guide's own quarters, metro and places, and the streets drawn by hand.
import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readJson } from './sources.mjs'

const HERE = dirname(fileURLToPath(import.meta.url))
const DATA = resolve(HERE, '../seta/guide/data')

/** Cells of one line; quoted ones may hold commas. */
const cells = (line) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain)

async function table(name) {
  const [head, ...lines] = (await readFile(join(DATA, name), 'utf8')).trim().split(/\r?\n/)
  const fields = cells(head)
  return lines.map((line) => Object.fromEntries(cells(line).map((cell, index) => [fields[index], cell])))
}

const named = (row) => ({ zh: row.name_zh, en: row.name_en, it: row.name_it })
const at = (row) => [Number(row.lat), Number(row.lon)]

/** Everything the map's ground is drawn from, as JSON. */
export async function readCity() {
  const { parks, canals, rings, streets } = await readJson(join(HERE, 'ground.json'))
  const districts = (await table('districts.csv')).map((row) => ({ at: at(row), name: named(row) }))
  const places = (await table('milan_places.csv')).map((row) => ({ at: at(row), name: named(row) }))
  const stops = (await table('metro.csv')).sort((one, other) => one.position - other.position)
  const lines = [...new Set(stops.map((row) => row.line))].sort().map((line) => ({
    line, stations: stops.filter((row) => row.line === line).map((row) => ({ at: at(row), name: row.station })),
  }))
  return { parks, canals, rings, streets, districts, places, lines }
}
