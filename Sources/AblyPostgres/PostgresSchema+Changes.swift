#if Postgres
  extension PostgresSchema {
    /// What nodes tell each other of keys and revocations, in one round trip, and without reading what is a day old.
    static let changes = Migration(
      name: "2026-11 changes in one round trip",
      statements: [
        "CREATE INDEX changes_by_time ON changes (at)",
        "CREATE INDEX revocations_by_issue ON revocations (issued_before)",
        // Only one notes at a time, so that changes become visible in the order of their numbers.
        """
        CREATE FUNCTION note_change(what text, contents text) RETURNS void LANGUAGE plpgsql AS $f$
        DECLARE v_id bigint;
        BEGIN
          PERFORM pg_advisory_xact_lock(hashtextextended(current_schema()::text, 2));
          INSERT INTO changes (kind, payload) VALUES (what, contents) RETURNING id INTO v_id;
          PERFORM pg_notify(current_schema()::text, v_id::text);
          DELETE FROM changes WHERE at < now() - interval '1 day';
        END $f$
        """,
        // The order keeps two nodes from waiting for each other.
        """
        CREATE FUNCTION keep_revocations(entries json, old_issue bigint, old bigint, contents text) RETURNS void
        LANGUAGE plpgsql AS $f$
        BEGIN
          DELETE FROM revocations r WHERE r.issued_before <= old_issue AND r.applies_at <= old;
          INSERT INTO revocations (key, kind, value, issued_before, applies_at)
            SELECT x.key, x.kind, x.value, x.issued_before, x.applies_at
            FROM json_to_recordset(entries)
              AS x(key text, kind text, value bytea, issued_before bigint, applies_at bigint)
            ORDER BY x.key, x.kind, x.value ON CONFLICT DO NOTHING;
          PERFORM note_change('revoked', contents);
        END $f$
        """,
      ])
  }
#endif
