import { Field, ID, ObjectType, registerEnumType } from "type-graphql";
import { LedgerAccountType } from "../generated/prisma/enums";
import { connectionTypes } from "../platform/connection.types";
import { TypicalSize } from "../platform/cost/typical-size";
import { CurrencyCode, DateTime } from "../platform/scalars";
import { Money, Node } from "../platform/types";
import { PaymentOperation } from "./payments.types";

registerEnumType(LedgerAccountType, {
  name: "LedgerAccountType",
  description: "The accounts of the books, one of each for every currency",
  valuesConfig: {
    AUTHORIZED: { description: "Memo: what buyers have authorised and was neither captured nor voided" },
    AUTHORIZED_CONTRA: { description: "The other side of that memo, so that it sums to 0" },
    PROVIDER_CLEARING: { description: "Money at the payment providers: captured, less refunded" },
    CUSTOMER_CREDIT: { description: "Owed to customers: captured beyond what their orders cost" },
    SALES: { description: "Earned with goods, net of tax and discounts" },
    SHIPPING_INCOME: { description: "Earned with delivery, net of tax" },
    TAX_PAYABLE: { description: "Collected for the tax office" },
  },
});

@ObjectType({ simpleResolvers: true })
export class LedgerEntry {
  @Field(() => LedgerAccountType)
  account!: LedgerAccountType;
  @Field(() => Money, { description: "Signed: a debit is positive, a credit negative" })
  amount!: Money;
}

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: "What one operation that succeeded put into the books; never changed afterwards",
})
export class LedgerTransaction extends Node {
  @Field(() => ID)
  orderId!: string;
  @Field(() => String)
  orderNumber!: string;
  @Field(() => PaymentOperation)
  operation!: PaymentOperation;
  @TypicalSize(4)
  @Field(() => [LedgerEntry], { description: "They sum to 0" })
  entries!: LedgerEntry[];
  @Field(() => DateTime)
  createdAt!: Date | string;
}

export const LedgerTransactionConnection = connectionTypes("LedgerTransaction", () => LedgerTransaction);

@ObjectType({ simpleResolvers: true })
export class TrialBalanceAccount {
  @Field(() => LedgerAccountType)
  account!: LedgerAccountType;
  @Field(() => Money, { description: "Sum of its debits" })
  debit!: Money;
  @Field(() => Money, { description: "Sum of its credits, as a positive amount" })
  credit!: Money;
  @Field(() => Money, { description: "debit − credit: what earns or is owed is negative" })
  balance!: Money;
}

@ObjectType({
  simpleResolvers: true,
  description: "All accounts of a currency; debit and credit are equal, or the books are broken",
})
export class TrialBalance {
  @Field(() => CurrencyCode)
  currency!: string;
  @Field(() => DateTime, { description: "What was booked later is not in it" })
  at!: Date;
  @TypicalSize(7)
  @Field(() => [TrialBalanceAccount])
  accounts!: TrialBalanceAccount[];
  @Field(() => Money, { description: "Sum of all accounts' debits" })
  debit!: Money;
  @Field(() => Money, { description: "Sum of all accounts' credits" })
  credit!: Money;
}
