import { Arg, Ctx, ID, Int, Query, Resolver } from "type-graphql";
import { LedgerAccountType } from "../generated/prisma/enums";
import type { Context } from "../platform/context";
import { TypicalSize } from "../platform/cost/typical-size";
import { CurrencyCode, DateTime } from "../platform/scalars";
import { LedgerTransactionConnection, TrialBalance } from "./ledger.types";
import { listLedgerTransactions } from "./list-ledger-transactions";
import { readTrialBalance } from "./read-trial-balance";

@Resolver()
export class LedgerResolver {
  @Query(() => LedgerTransactionConnection, { description: "The books, newest first" })
  ledgerTransactions(
    @Arg("first", () => Int, { nullable: true, defaultValue: 20 }) first: number | null,
    @Arg("after", () => String, { nullable: true }) after: string | null | undefined,
    @Arg("orderId", () => ID, { nullable: true }) orderId: string | null | undefined,
    @Arg("account", () => LedgerAccountType, { nullable: true, description: "With an entry on this account" })
    account: LedgerAccountType | null | undefined,
    @Arg("currency", () => CurrencyCode, { nullable: true }) currency: string | null | undefined,
    @Ctx() ctx: Context,
  ) {
    return listLedgerTransactions(ctx, { first, after }, { orderId, account, currency });
  }

  @TypicalSize(2)
  @Query(() => [TrialBalance], {
    description: "One for each currency that was ever booked, or for the one asked for",
  })
  trialBalance(
    @Arg("currency", () => CurrencyCode, { nullable: true }) currency: string | null | undefined,
    @Arg("at", () => DateTime, { nullable: true, description: "As of this moment; now unless given" })
    at: Date | null | undefined,
    @Ctx() ctx: Context,
  ) {
    return readTrialBalance(ctx, currency ?? null, at ?? null);
  }
}
