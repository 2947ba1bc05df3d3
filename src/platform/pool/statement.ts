import type pg from "pg";
import { type Column, columnsOf } from "./columns";
import type { Parameter } from "./parameters";

/** A statement; without a name it is parsed each time. */
export type Statement = { readonly name: string; readonly text: string; readonly values: Parameter[] };
/** Rows in order, and how many the statement found or changed. */
export type Result = { rows: Record<string, unknown>[]; count: number };

/** What node-postgres has of a connection below its client, as far as it is needed here. */
type Wire = pg.Connection & {
  readonly stream: { cork(): void; uncork(): void };
  /** Texts of the statements this connection knows, by name */
  readonly parsedStatements: Record<string, string | undefined>;
  parse(statement: { name: string; text: string }): void;
  close(statement: { type: "S"; name: string }): void;
  bind(portal: { statement: string; values: Parameter[] }): void;
  describe(portal: { type: "P" }): void;
  execute(portal: object): void;
  sendCopyFail(reason: string): void;
};

type Shape = { columns: Column[]; empty: Record<string, null> };
const shapeOf = (columns: Column[]): Shape => ({
  columns,
  empty: Object.fromEntries(columns.map(({ name }) => [name, null])),
});
const NO_ROWS = shapeOf([]);

/**
 * More than the house has in use at a time. A statement with its plan takes PostgreSQL 100 kB on each connection, and whoever selects fields
 * in ever new ways makes ever new ones.
 */
const MOST_KNOWN = 250;

/** Shapes of answers by connection and statement's name, the least recently used first: PostgreSQL refuses to run a named statement whose answer would look different. */
const shapes = new WeakMap<Wire, Map<string, Shape>>();
function shapesOf(wire: Wire) {
  const known = shapes.get(wire) ?? new Map<string, Shape>();
  if (known.size === 0) shapes.set(wire, known);
  return known;
}

/** Makes a statement the last to be forgotten; forgets another for one that is new when the connection knows enough. */
function keepInUse(wire: Wire, known: Map<string, Shape>, name: string) {
  const shape = known.get(name);
  if (shape) {
    known.delete(name);
    known.set(name, shape);
    return;
  }
  const [oldest] = known.keys();
  if (known.size < MOST_KNOWN || oldest === undefined) return;
  known.delete(oldest);
  delete wire.parsedStatements[oldest];
  wire.close({ type: "S", name: oldest });
}

function rowOf({ columns, empty }: Shape, fields: (string | null)[]) {
  const row: Record<string, unknown> = { ...empty };
  for (let at = 0; at < fields.length; at++) {
    const [column, text] = [columns[at], fields[at]];
    if (column && text != null) row[column.name] = column.read(text);
  }
  return row;
}

/**
 * Runs one statement on a connection: what node-postgres' own Query does, without copying its settings, and without having an answer
 * described that this connection has described before. The client calls its methods (a class, because it is made for every statement).
 */
export class RunStatement implements pg.Submittable {
  /** Set by the client; gets an error, or the result. */
  callback?: (error: Error | null, result?: Result) => void;
  readonly name: string;
  readonly text: string;
  private readonly result: Result = { rows: [], count: 0 };
  private failure: Error | null = null;
  private shape: Shape | undefined;
  private known: Map<string, Shape> | undefined;

  constructor(private readonly statement: Statement) {
    this.name = statement.name;
    this.text = statement.text;
  }

  submit(connection: pg.Connection) {
    const wire = connection as Wire;
    const { name, text, values } = this.statement;
    if (name) this.known = shapesOf(wire);
    this.shape = this.known?.get(name);
    wire.stream.cork(); // one write instead of five
    if (this.known) keepInUse(wire, this.known, name);
    if (!name || wire.parsedStatements[name] === undefined) wire.parse({ name, text });
    wire.bind({ statement: name, values });
    if (!this.shape) wire.describe({ type: "P" });
    wire.execute({});
    wire.sync();
    wire.stream.uncork();
    return null;
  }

  handleRowDescription({ fields }: { fields: { name: string; dataTypeID: number }[] }) {
    this.shape = shapeOf(columnsOf(fields));
  }

  handleDataRow({ fields }: { fields: (string | null)[] }) {
    if (this.failure || !this.shape) return;
    try {
      this.result.rows.push(rowOf(this.shape, fields));
    } catch (error) {
      this.failure = error as Error; // told when the server is done with the statement
    }
  }

  handleCommandComplete({ text }: { text: string }) {
    this.known?.set(this.name, this.shape ?? NO_ROWS);
    this.result.count = Number(text.slice(text.lastIndexOf(" ") + 1)) || 0;
  }

  /** Instead of a completion, when the text says nothing. */
  handleEmptyQuery() {}

  /** There is nothing to copy from: PostgreSQL refuses the statement then. What it took for data was our sync. */
  handleCopyInResponse(connection: pg.Connection) {
    (connection as Wire).sendCopyFail("nothing to copy from");
    connection.sync();
  }

  handleCopyData() {}

  handleReadyForQuery() {
    this.callback?.(this.failure, this.result);
  }

  handleError(error: Error) {
    this.callback?.(error);
  }
}
