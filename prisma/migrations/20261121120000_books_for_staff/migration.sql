-- An account's entries from the newest on, without looking at those of other accounts: ids rise with time.
DROP INDEX "ledger_entries_account_type_currency_idx";
CREATE INDEX "ledger_entries_account_type_currency_transaction_id_idx" ON "ledger_entries"("account_type", "currency", "transaction_id");

-- What a person must look at is rare, and found without reading what is in order.
CREATE INDEX "payment_operations_give_back_failed_idx" ON "payment_operations"("payment_id")
    WHERE "status" = 'FAILED' AND "kind" IN ('VOID', 'REFUND');
CREATE INDEX "orders_lapsed_idx" ON "orders"("id") WHERE "status" = 'OPEN' AND "payment_status" = 'VOIDED';
