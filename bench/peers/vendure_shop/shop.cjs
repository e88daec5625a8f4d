// The smallest shop that Vendure makes: its own tables, server processes and worker; nothing of ours in the way.
'use strict'

const cluster = require('node:cluster')
const os = require('node:os')
const {
  bootstrap,
  bootstrapWorker,
  DefaultJobQueuePlugin,
  DefaultLogger,
  dummyPaymentHandler,
  LanguageCode,
  LogLevel,
} = require('@vendure/core')
const { populate } = require('@vendure/core/cli')

const [verb, port] = process.argv.slice(2)
const store = new URL(process.env.PEER_DATABASE_URL)

const config = {
  apiOptions: { hostname: '127.0.0.1', port: Number(port), adminApiPath: 'admin-api', shopApiPath: 'shop-api' },
  authOptions: {
    tokenMethod: 'cookie',
    superadminCredentials: { identifier: 'superadmin', password: 'only-for-the-bench' },
    cookieOptions: { secret: 'only-for-the-bench' },
  },
  dbConnectionOptions: {
    type: 'postgres',
    host: store.hostname,
    port: Number(store.port),
    username: store.username,
    database: store.pathname.slice(1),
    // Its manual makes the first tables like this, and later ones by migrations.
    synchronize: verb === 'make',
    migrations: [],
  },
  paymentOptions: { paymentMethodHandlers: [dummyPaymentHandler] },
  logger: new DefaultLogger({ level: LogLevel.Error }),
  plugins: [DefaultJobQueuePlugin.init({})],
}

const world = {
  defaultLanguage: LanguageCode.en,
  defaultZone: 'Europe',
  countries: [{ code: 'IT', name: 'Italy', zone: 'Europe' }],
  taxRates: [{ name: 'Standard', percentage: 22 }],
  shippingMethods: [{ name: 'Courier', price: 0 }],
  paymentMethods: [
    {
      name: 'Paid',
      handler: { code: 'dummy-payment-handler', arguments: [{ name: 'automaticSettle', value: 'true' }] },
    },
  ],
  collections: [],
}

async function main () {
  if (verb === 'make') {
    const app = await populate(() => bootstrap(config), world)
    await app.close()
    process.exit(0)
  } else if (verb === 'work') {
    const worker = await bootstrapWorker(config)
    await worker.startJobQueue()
  } else if (cluster.isPrimary) {
    // A process a core on one port, what its manual gets from pm2's cluster mode.
    os.cpus().forEach(() => cluster.fork())
    process.on('SIGTERM', () => {
      Object.values(cluster.workers).forEach((worker) => worker.kill())
      process.exit(0)
    })
  } else {
    await bootstrap(config)
  }
}

main().catch((problem) => {
  console.error(String(problem))
  process.exit(1)
})
