import { isUnavailable } from "../errors";
import type { RequestHooks, RequestPlugin } from "./request-hooks";

/** An answer that failed because the database is not there says so in its HTTP status, so that balancers and clients try again. */
export const faultStatus: RequestPlugin = () => hooks;

const hooks: RequestHooks = {
  didEncounterErrors({ errors, response }) {
    if (
      !errors.some(
        (error) => isUnavailable(error.originalError) || error.extensions.code === "SERVICE_UNAVAILABLE",
      )
    )
      return;
    response.http.status = 503;
    response.http.headers.set("retry-after", "1");
  },
};
