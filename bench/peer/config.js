const {
  DefaultJobQueuePlugin,
  DefaultSearchPlugin,
  DefaultLogger,
  LogLevel,
  dummyPaymentHandler,
} = require("@vendure/core");

const { DATABASE_URL, PORT = "3510", CREATE_TABLES } = process.env;
if (!DATABASE_URL)
  throw new Error("Set DATABASE_URL to an empty database of the PostgreSQL that is measured on.");

const refuse = async () => {
  throw new Error("There are no asset files here.");
};
/** Images are rows with addresses of a CDN, as ours are: nothing is stored or made smaller. */
const noAssetFiles = {
  toAbsoluteUrl: (_request, identifier) => identifier,
  fileExists: async () => false,
  writeFileFromBuffer: refuse,
  writeFileFromStream: refuse,
  readFileToBuffer: refuse,
  readFileToStream: refuse,
  deleteFile: refuse,
};

exports.config = {
  apiOptions: {
    hostname: "127.0.0.1",
    port: Number(PORT),
    adminApiPath: "admin-api",
    shopApiPath: "shop-api",
  },
  authOptions: {
    tokenMethod: ["bearer"],
    requireVerification: true,
    superadminCredentials: { identifier: "bench-root", password: "a-Strong-passw0rd" },
    cookieOptions: { secret: "the bench signs nothing that matters" },
  },
  logger: new DefaultLogger({ level: LogLevel.Error, timestamp: false }),
  dbConnectionOptions: {
    type: "postgres",
    url: DATABASE_URL,
    synchronize: CREATE_TABLES === "1",
    migrations: [],
    logging: false,
  },
  paymentOptions: { paymentMethodHandlers: [dummyPaymentHandler] },
  assetOptions: { assetStorageStrategy: noAssetFiles },
  plugins: [
    DefaultJobQueuePlugin.init({ useDatabaseForBuffer: true }),
    DefaultSearchPlugin.init({ bufferUpdates: false, indexStockStatus: true }),
  ],
};
