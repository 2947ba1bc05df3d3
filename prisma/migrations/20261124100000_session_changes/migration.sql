-- Whoever keeps sessions hears that one may have ended, or that somebody's rights changed: every server listens to "sessions_changed". Told
-- at commit, once a transaction, and without saying whose: nothing is left to get wrong. A transaction that tells waits for others that do,
-- so nothing tells that only begins a session (what is unknown is kept nowhere) or notes that it was used.
LOCK TABLE "accounts", "sessions" IN SHARE ROW EXCLUSIVE MODE; -- in the order in which a login takes them

CREATE FUNCTION "tell_sessions_changed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('sessions_changed', '');
    RETURN NULL;
END $$;

CREATE TRIGGER "sessions_tell_update" AFTER UPDATE ON "sessions" FOR EACH ROW
    WHEN ((NEW.revoked_at, NEW.access_hash, NEW.access_expires_at, NEW.account_id)
        IS DISTINCT FROM (OLD.revoked_at, OLD.access_hash, OLD.access_expires_at, OLD.account_id))
    EXECUTE FUNCTION "tell_sessions_changed"();
CREATE TRIGGER "sessions_tell_delete" AFTER DELETE OR TRUNCATE ON "sessions"
    FOR EACH STATEMENT EXECUTE FUNCTION "tell_sessions_changed"();

CREATE TRIGGER "accounts_tell_update" AFTER UPDATE ON "accounts" FOR EACH ROW
    WHEN ((NEW.role, NEW.status) IS DISTINCT FROM (OLD.role, OLD.status))
    EXECUTE FUNCTION "tell_sessions_changed"();
CREATE TRIGGER "accounts_tell_delete" AFTER DELETE OR TRUNCATE ON "accounts"
    FOR EACH STATEMENT EXECUTE FUNCTION "tell_sessions_changed"();
