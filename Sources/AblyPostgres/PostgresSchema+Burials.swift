#if Postgres
  extension PostgresSchema {
    /// Leases that are renewed without waiting for the log, and nodes that are buried in portions.
    static let burials = Migration(
      name: "2026-11 burials in portions",
      statements: [
        // Since when it lives, as far as others know; whether somebody has begun to bury it.
        """
        ALTER TABLE nodes ADD COLUMN born timestamptz NOT NULL DEFAULT clock_timestamp(),
          ADD COLUMN dead boolean NOT NULL DEFAULT false
        """,
        // Of those that are left to bury, however many are done.
        "CREATE INDEX connections_at_node ON connections (node) WHERE expires IS NULL",
        "DROP INDEX connections_by_node",
        holds, renew, bury, renewAsBefore,
      ])

    /// Whether a connection is at a node; one that nobody knows is where somebody speaks of it. Whoever does lives.
    private static let holds = """
      CREATE OR REPLACE FUNCTION holds_connection(conn text, author text) RETURNS boolean LANGUAGE plpgsql AS $f$
      DECLARE v_node text; v_expires timestamptz;
      BEGIN
        SELECT c.node, c.expires INTO v_node, v_expires FROM connections c WHERE c.id = conn;
        IF NOT FOUND THEN
          INSERT INTO connections (id, node) VALUES (conn, author);
          RETURN true;
        END IF;
        IF v_node = author AND v_expires IS NOT NULL THEN
          UPDATE connections c SET expires = NULL WHERE c.id = conn;
        END IF;
        RETURN v_node = author;
      END $f$
      """

    /// Says that a node lives. One that was taken for dead, though it may not have been buried as a whole, begins anew.
    private static let renew = """
      CREATE FUNCTION renew_lease(author text) RETURNS TABLE (lease text, sequence bigint) LANGUAGE plpgsql AS $f$
      BEGIN
        INSERT INTO nodes AS n (id, expires) VALUES (author, clock_timestamp() + interval '10 s')
          ON CONFLICT (id) DO UPDATE SET expires = excluded.expires, dead = false,
            born = CASE WHEN n.dead THEN excluded.born ELSE n.born END
          RETURNING (extract(epoch FROM n.born) * 1000000)::bigint::text INTO lease;
        -- Seen after it, whoever held it up.
        SELECT l.seq INTO sequence FROM log_state l;
        RETURN NEXT;
      END $f$
      """

    /// At most so many attachments and connections for which nobody came back, and at most so many members and
    /// connections of one node whose lease ran out. Nobody is dead because the server was away. The plan must not depend
    /// on what the statistics say: much may have changed at once.
    private static let bury = """
      CREATE FUNCTION bury(most int) RETURNS boolean LANGUAGE plpgsql
      SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $f$
      DECLARE
        old members;
        v_dead text; v_more boolean; v_members int := 0; v_connections int;
        v_seq bigint; v_first bigint; v_at bigint;
      BEGIN
        -- Those who append are not to wait for one who finds nothing.
        IF NOT EXISTS (SELECT FROM connections c WHERE c.expires < clock_timestamp())
          AND NOT EXISTS (SELECT FROM nodes n WHERE n.expires < clock_timestamp())
        THEN RETURN false; END IF;
        \(lock)
        DELETE FROM attachments a WHERE a.ctid = ANY (ARRAY(
          SELECT b.ctid FROM connections c JOIN attachments b ON b.connection = c.id
          WHERE c.expires < clock_timestamp() LIMIT most));
        DELETE FROM connections d WHERE d.ctid = ANY (ARRAY(
          SELECT c.ctid FROM connections c WHERE c.expires < clock_timestamp()
            AND NOT EXISTS (SELECT FROM attachments a WHERE a.connection = c.id) LIMIT most));
        v_more := EXISTS (SELECT FROM connections c WHERE c.expires < clock_timestamp());

        SELECT n.id INTO v_dead FROM nodes n
          WHERE n.expires < clock_timestamp()
            AND (n.dead OR clock_timestamp() - pg_postmaster_start_time() > interval '10 s')
          ORDER BY n.expires LIMIT 1 FOR UPDATE;
        IF FOUND THEN
          UPDATE nodes n SET dead = true WHERE n.id = v_dead;
          FOR old IN
            DELETE FROM members d WHERE d.ctid = ANY (ARRAY(
              SELECT m.ctid FROM members m WHERE m.node = v_dead LIMIT most)) RETURNING d.*
          LOOP
            v_members := v_members + 1;
            v_seq := v_seq + 1;
            PERFORM member_left(v_seq, v_at, old, 'lapse');
          END LOOP;
          UPDATE connections u SET expires = clock_timestamp() + interval '120 s' WHERE u.ctid = ANY (ARRAY(
            SELECT c.ctid FROM connections c WHERE c.node = v_dead AND c.expires IS NULL LIMIT most));
          GET DIAGNOSTICS v_connections = ROW_COUNT;
          IF v_members < most AND v_connections < most THEN
            DELETE FROM nodes n WHERE n.id = v_dead;
          END IF;
          -- Of this one or of another.
          v_more := true;
        END IF;
        \(unlock)
        RETURN v_more;
      END $f$
      """

    /// For nodes of an earlier version that still run.
    private static let renewAsBefore = """
      CREATE OR REPLACE FUNCTION renew_node(author text) RETURNS void LANGUAGE plpgsql AS $f$
      BEGIN
        PERFORM renew_lease(author);
        UPDATE connections c SET expires = NULL WHERE c.expires IS NOT NULL AND c.node = author;
        PERFORM bury(500);
      END $f$
      """
  }
#endif
