import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import type { SchemaEngine } from "@prisma/schema-engine-wasm/schema_engine_bg";
import { adapterFactory } from "./adapter";
import { readSchema } from "./files";

const ENGINE = "@prisma/schema-engine-wasm/schema_engine_bg";

// The compiler knows it only together with the browser's types.
declare const WebAssembly: {
  instantiate(
    bytes: Uint8Array,
    imports: object,
  ): Promise<{ instance: { exports: Record<string, unknown> } }>;
};

/**
 * Lends `work` Prisma's schema engine as WebAssembly, on the database at `url` through node-postgres: nothing is downloaded, and the
 * standard _prisma_migrations table is kept, so Prisma's own commands agree with it.
 */
export async function withEngine<Result>(
  url: string,
  work: (engine: SchemaEngine) => Promise<Result>,
): Promise<Result> {
  const bindings = await import("@prisma/schema-engine-wasm/schema_engine_bg"); // an ES module: loaded when needed
  await instantiate(bindings);
  const datamodels = readSchema().map((file): [string, string] => [file.path, file.content]);
  const adapters = adapterFactory(url);
  try {
    const factory = bindMigrationAwareSqlAdapterFactory(adapters);
    return await work(await bindings.SchemaEngine.new({ datamodels }, () => undefined, factory));
  } finally {
    await adapters.close();
  }
}

let instance: Promise<void> | undefined;

/** Loads the WebAssembly once a process. */
function instantiate(bindings: Bindings): Promise<void> {
  instance ??= load(bindings);
  return instance;
}

type Bindings = typeof import("@prisma/schema-engine-wasm/schema_engine_bg");

async function load(bindings: Bindings) {
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: panicked } });
  const file = join(dirname(require.resolve(ENGINE)), "schema_engine_bg.wasm");
  const imports = { "./schema_engine_bg.js": withIdleTimers(bindings) };
  const { instance } = await WebAssembly.instantiate(await readFile(file), imports);
  bindings.__wbg_set_wasm(instance.exports);
  const { __wbindgen_start: start } = instance.exports;
  if (typeof start === "function") start();
}

/** The engine leaves the timers of its time limits running; they must not keep a finished process alive. */
function withIdleTimers(bindings: Bindings) {
  const unref = (work: () => void, milliseconds: number) => setTimeout(work, milliseconds).unref();
  const entries = Object.entries(bindings).map(([name, value]) => [
    name,
    name.startsWith("__wbg_setTimeout") ? unref : value,
  ]);
  return Object.fromEntries(entries);
}

function panicked(message: string): never {
  throw new Error(`The schema engine failed: ${message}`);
}
