import { doTasks } from "../driver/drive";
import { type Arrivals, runArrivals } from "./arrivals";

/** The driver's own process. */
doTasks((arrivals: Arrivals) => runArrivals(arrivals));
