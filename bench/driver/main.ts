import { flowOf, type Task } from "../scenarios";
import { measure } from "./measure";

/** The driver's own process: measures one task after the other, as its parent says. */
process.on("message", ({ target, scenario, data, load }: Task) => {
  measure(flowOf(target, scenario, data), load).then(
    (measured) => process.send?.(measured),
    (error: Error) => process.send?.({ error: error.stack }),
  );
});
