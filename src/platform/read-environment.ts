import { config } from "dotenv";
import type { Environment } from "./config";

/** The settings of .env, where there is one in the folder that the process was started in; what `environment` has goes before. */
export const readEnvironment = (environment: Environment): Environment => ({
  ...config({ quiet: true, processEnv: {} }).parsed,
  ...environment,
});
