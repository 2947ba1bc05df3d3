/** @type {import("jest").Config} */
module.exports = {
  testMatch: ["<rootDir>/src/**/*.spec.ts", "<rootDir>/test/**/*.test.ts"],
  transform: { "\\.ts$": ["@swc/jest", { configFile: "./.swcrc" }] },
  setupFiles: ["reflect-metadata"],
  globalSetup: "<rootDir>/test/support/global-setup.ts",
  globalTeardown: "<rootDir>/test/support/global-teardown.ts",
  reporters: ["default", "<rootDir>/test/support/count-reporter.cjs"],
  testTimeout: 30_000,
  maxWorkers: 2, // each works with a database of its own
};
