import type { Rules } from "../platform/rules";

export const settlementRules: Rules = {};
