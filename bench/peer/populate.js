require("reflect-metadata");
const {
  bootstrap,
  ChannelService,
  CustomerService,
  JobQueueService,
  mergeConfig,
  RequestContextService,
  SearchService,
} = require("@vendure/core");
const { TransactionalConnection, User } = require("@vendure/core");
const { Populator } = require("@vendure/core/dist/data-import/providers/populator/populator");
const { config } = require("./config");
const { createCollections, createFacets, createImages, createProducts } = require("./populate-catalog");

const PRODUCTS = Number(process.env.PRODUCTS ?? 10_000);
const CUSTOMERS = 200;
const say = (line) => process.stdout.write(`${line}\n`);

/** One country zone, 20 % tax, one delivery option, one payment method that always succeeds. */
const SHOP = {
  defaultLanguage: "en",
  defaultZone: "Europe",
  countries: [{ code: "DE", name: "Germany", zone: "Europe" }],
  taxRates: [{ name: "Standard Tax", percentage: 20 }],
  shippingMethods: [{ name: "Standard Shipping", price: 500, taxRate: 20 }],
  paymentMethods: [
    {
      name: "Dummy Payment",
      handler: { code: "dummy-payment-handler", arguments: [{ name: "automaticSettle", value: "true" }] },
    },
  ],
  collections: [],
  roles: [],
};

/** Fills an empty database with the shop that ours is filled with: some five minutes for 10,000 products. */
async function populate() {
  const app = await bootstrap(mergeConfig(config, { apiOptions: { port: config.apiOptions.port + 1 } }));
  await app.get(Populator).populateInitialData(SHOP);
  const db = app.get(TransactionalConnection).rawConnection;
  const channel = await app.get(ChannelService).getDefaultChannel();
  const user = await db
    .getRepository(User)
    .findOne({ where: { identifier: "bench-root" }, relations: { roles: { channels: true } } });
  const ctx = await app
    .get(RequestContextService)
    .create({ apiType: "admin", user, channelOrToken: channel, languageCode: "en" });

  const facets = await createFacets(app, ctx);
  const images = await createImages(db, channel);
  await createProducts(app, db, channel, { count: PRODUCTS, facets, images, say });
  for (let n = 0; n < CUSTOMERS; n++) {
    const person = {
      emailAddress: `cust${n}@example.com`,
      firstName: "Cust",
      lastName: `No${n}`,
      phoneNumber: "0",
    };
    await app.get(CustomerService).create(ctx, person, `Passw0rd!${n}`);
  }
  say("customers");
  await createCollections(app, ctx, db, facets);
  say("collections; now the search index");
  await db.query("DELETE FROM job_record"); // one job for each stock movement: the reindexing does it all at once
  await app.get(JobQueueService).start();
  await app.get(SearchService).reindex(ctx);
  for (;;) {
    const [{ open }] = await db.query(
      `SELECT count(*)::int AS open FROM job_record WHERE "isSettled" = false`,
    );
    if (open === 0) break;
    await new Promise((done) => setTimeout(done, 500));
  }
  await db.query("VACUUM ANALYZE");
  await app.close();
}

populate().then(
  () => process.exit(0),
  (error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  },
);
