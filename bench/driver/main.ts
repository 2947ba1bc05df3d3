import { flowOf, type Task } from "../scenarios";
import { doTasks } from "./drive";
import { measure } from "./measure";

/** The driver's own process. */
doTasks(({ target, scenario, data, load }: Task) => measure(flowOf(target, scenario, data), load));
