import pg from "pg";
import { Prisma } from "../../generated/prisma/client";

type Read = (text: string) => unknown;
/** A column of an answer: its name, and what makes a value of the text that PostgreSQL sends. */
export type Column = { name: string; read: Read };

const readDecimal = (text: string) => new Prisma.Decimal(text);
const readDay = (text: string) => new Date(text);
/** Timestamps come in the session's zone, which Prisma's adapter takes for UTC (and sends them so, parameters.ts). */
const readTime = (text: string) => new Date(`${text.replace(" ", "T").replace(/[+-]\d{2}(:\d{2})?$/, "")}Z`);
const readBytes = (text: string) => new Uint8Array(Buffer.from(text.slice(2), "hex"));
const readText = (text: string) => text;
const readJson: Read = (text) => JSON.parse(text);
const TEXT_ARRAY: number = 1009; // node-postgres' own list has scalar types only
const splitArray: (text: string) => (string | null)[] = pg.types.getTypeParser(TEXT_ARRAY);
const arrayOf = (read: Read) => (text: string) =>
  splitArray(text).map((entry) => (entry === null ? null : read(entry)));

/** PostgreSQL's types by their numbers (pg_type.dat), with the type of their arrays. What is not here stays text, enums among them. */
const types: [type: number, array: number, read: Read][] = [
  [16, 1000, (text) => text === "t"], // bool
  [17, 1001, readBytes],
  [20, 1016, BigInt], // int8
  [21, 1005, Number], // int2
  [23, 1007, Number], // int4
  [25, 1009, readText],
  [26, 1028, BigInt], // oid
  [114, 199, readJson],
  [700, 1021, Number], // float4
  [701, 1022, Number], // float8
  [1042, 1014, readText], // char(n)
  [1043, 1015, readText], // varchar
  [1082, 1182, readDay],
  [1114, 1115, readTime], // timestamp
  [1184, 1185, readTime], // timestamptz
  [1700, 1231, readDecimal],
  [2950, 2951, readText], // uuid
  [3802, 3807, readJson], // jsonb
];
const readers = new Map(
  types.flatMap(([type, array, read]) => [
    [type, read],
    [array, arrayOf(read)],
  ]),
);

/** Columns as the server describes them. */
export const columnsOf = (fields: { name: string; dataTypeID: number }[]): Column[] =>
  fields.map(({ name, dataTypeID }) => ({ name, read: readers.get(dataTypeID) ?? readText }));
