-- CreateTable
-- UNLOGGED: worth little after a crash. Half-full pages let a row be updated where it lies.
CREATE UNLOGGED TABLE "allowances" (
    "subject" BYTEA NOT NULL,
    "used" INTEGER NOT NULL,
    "paused_until" TIMESTAMPTZ(3),
    "ends_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "allowances_pkey" PRIMARY KEY ("subject")
) WITH (fillfactor = 50);

-- CreateTable
CREATE TABLE "known_networks" (
    "account_id" UUID NOT NULL,
    "network" BYTEA NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "known_networks_pkey" PRIMARY KEY ("account_id","network")
);

-- AddForeignKey
ALTER TABLE "known_networks" ADD CONSTRAINT "known_networks_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;
