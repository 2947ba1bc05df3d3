-- CreateTable
-- UNLOGGED: worth little after a crash. Half-full pages let a row be updated where it lies.
CREATE UNLOGGED TABLE "allowances" (
    "subject" BYTEA NOT NULL,
    "used" INTEGER NOT NULL,
    "paused_until" TIMESTAMPTZ(3),
    "ends_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "allowances_pkey" PRIMARY KEY ("subject")
) WITH (fillfactor = 50);

-- An account's latest sessions are read with each login: ids are in the order of time.
CREATE INDEX "sessions_account_id_id_idx" ON "sessions"("account_id", "id");
DROP INDEX "sessions_account_id_idx";
