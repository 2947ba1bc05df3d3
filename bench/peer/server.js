const { bootstrap } = require("@vendure/core");
const { config } = require("./config");

bootstrap(config).then(
  () => process.stdout.write(`The peer is open: http://127.0.0.1:${config.apiOptions.port}/shop-api\n`),
  (error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  },
);
