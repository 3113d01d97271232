#if Postgres
  extension PostgresSchema {
    /// What nodes tell each other. Whoever appends holds the one row of `log_state` until it commits, so that the order of
    /// the numbers is the order in which they become visible, and no number is left out.
    static let log = Migration(
      name: "2026-11 log", statements: tables + [holds, event, append, take, renew, sweep])

    private static let tables = [
      """
      CREATE TABLE log_state (id text NOT NULL, secret bytea NOT NULL, seq bigint NOT NULL, at bigint NOT NULL)
        WITH (fillfactor = 10)
      """,
      // The only source of random bits that every installation has and that is fit for secrets.
      """
      INSERT INTO log_state SELECT left(replace(gen_random_uuid()::text, '-', ''), 10),
        decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'), 0, 0
      """,
      """
      CREATE TABLE events (
        seq bigint NOT NULL, at bigint NOT NULL, kind text NOT NULL, room bytea, app text NOT NULL,
        channel text NOT NULL, connection text NOT NULL, head text NOT NULL, payload text NOT NULL, extras text,
        note text)
        PARTITION BY RANGE (at)
      """,
      "CREATE INDEX events_by_seq ON events (seq)",
      "CREATE INDEX events_by_room ON events (room, kind, seq)",
      """
      CREATE TABLE message_ids (at bigint NOT NULL, mark bytea NOT NULL, seq bigint NOT NULL, place int NOT NULL)
        PARTITION BY RANGE (at)
      """,
      "CREATE INDEX message_ids_by_mark ON message_ids (mark)",
      """
      CREATE TABLE members (
        room bytea NOT NULL, member bytea NOT NULL, node text NOT NULL, connection text COLLATE "C" NOT NULL,
        app text NOT NULL, channel text NOT NULL, head text NOT NULL, payload text NOT NULL, extras text,
        seq bigint NOT NULL, at bigint NOT NULL, PRIMARY KEY (room, member))
      """,
      "CREATE INDEX members_by_connection ON members (connection)",
      "CREATE INDEX members_by_node ON members (node)",
      """
      CREATE TABLE connections (
        id text COLLATE "C" PRIMARY KEY, node text COLLATE "C" NOT NULL, expires timestamptz)
      """,
      "CREATE INDEX connections_by_node ON connections (node)",
      "CREATE INDEX connections_by_end ON connections (expires) WHERE expires IS NOT NULL",
      """
      CREATE TABLE attachments (
        connection text COLLATE "C" NOT NULL, room bytea NOT NULL, app text NOT NULL, channel text NOT NULL,
        terms text NOT NULL, PRIMARY KEY (connection, room))
      """,
      "CREATE TABLE nodes (id text COLLATE \"C\" PRIMARY KEY, expires timestamptz NOT NULL)",
    ]

    /// Whether a connection is at a node; one that nobody knows is where somebody speaks of it.
    private static let holds = """
      CREATE FUNCTION holds_connection(conn text, author text) RETURNS boolean LANGUAGE plpgsql AS $f$
      DECLARE v_node text;
      BEGIN
        SELECT c.node INTO v_node FROM connections c WHERE c.id = conn;
        IF NOT FOUND THEN
          INSERT INTO connections (id, node) VALUES (conn, author);
          RETURN true;
        END IF;
        RETURN v_node = author;
      END $f$
      """

    /// Writes that a member is gone.
    private static let event = """
      CREATE FUNCTION member_left(v_seq bigint, v_at bigint, m members, why text) RETURNS void LANGUAGE sql AS $f$
        INSERT INTO events (seq, at, kind, room, app, channel, connection, head, payload, extras, note)
        VALUES (v_seq, v_at, 'p', m.room, m.app, m.channel, m.connection, m.head, m.payload, m.extras, why)
      $f$
      """

    static let lock = """
      SELECT l.seq, greatest(l.at, (extract(epoch FROM clock_timestamp()) * 1000)::bigint)
        INTO v_seq, v_at FROM log_state l FOR UPDATE;
      v_first := v_seq;
      """

    static let unlock = """
      IF v_seq > v_first THEN
        UPDATE log_state SET seq = v_seq, at = v_at;
        PERFORM pg_notify(current_schema() || '_log', '');
      END IF;
      """

    /// Appends entries, each of which is described at `LogEntry`, in one round trip. The plan must not depend on what
    /// the statistics of a young partition say.
    private static let append = """
      CREATE FUNCTION append_log(author text, entries json)
      RETURNS TABLE (sequence bigint, moment bigint, remark text) LANGUAGE plpgsql
      SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $f$
      DECLARE
        entry record;
        old members;
        v_seq bigint; v_first bigint; v_at bigint; v_known bigint; v_earlier text;
      BEGIN
        \(lock)
        INSERT INTO nodes (id, expires) VALUES (author, clock_timestamp() + interval '10 s') ON CONFLICT DO NOTHING;
        FOR entry IN
          SELECT * FROM json_to_recordset(entries) AS x(
            n int, k text, app text, channel text, room bytea, connection text, marks bytea[], iseach boolean,
            leaves boolean, bare boolean, head text, payload text, extras text)
          ORDER BY x.n
        LOOP
          sequence := NULL; moment := NULL; remark := NULL;
          CASE entry.k
          WHEN 'm' THEN
            SELECT count(*), string_agg(concat_ws(':', m.place - 1, i.seq, i.at, i.place), ',' ORDER BY m.place)
              INTO v_known, v_earlier
              FROM unnest(entry.marks) WITH ORDINALITY m(mark, place) JOIN message_ids i ON i.mark = m.mark;
            IF v_known > 0 AND NOT entry.iseach THEN
              SELECT i.seq, i.at INTO sequence, moment FROM message_ids i WHERE i.mark = entry.marks[1] LIMIT 1;
            ELSE
              remark := v_earlier;
              IF v_known = 0 OR v_known < cardinality(entry.marks) THEN
                v_seq := v_seq + 1;
                sequence := v_seq; moment := v_at;
                INSERT INTO events (seq, at, kind, room, app, channel, connection, head, payload, note)
                  VALUES (v_seq, v_at, 'm', entry.room, entry.app, entry.channel, entry.connection, entry.head,
                    entry.payload, v_earlier);
                INSERT INTO message_ids (at, mark, seq, place)
                  SELECT v_at, m.mark, v_seq, m.place - 1 FROM unnest(entry.marks) WITH ORDINALITY m(mark, place)
                  WHERE v_known = 0 OR NOT EXISTS (SELECT FROM message_ids i WHERE i.mark = m.mark);
              END IF;
            END IF;
          WHEN 'p' THEN
            IF NOT holds_connection(entry.connection, author) THEN
              remark := 'moved';
            ELSE
              SELECT * INTO old FROM members m WHERE m.room = entry.room AND m.member = entry.marks[1];
              IF NOT entry.leaves THEN
                v_seq := v_seq + 1;
                INSERT INTO events (seq, at, kind, room, app, channel, connection, head, payload, extras, note)
                  VALUES (v_seq, v_at, 'p', entry.room, entry.app, entry.channel, entry.connection, entry.head,
                    entry.payload, entry.extras, CASE WHEN old.room IS NULL THEN 'enter' ELSE 'update' END);
                INSERT INTO members (room, member, node, connection, app, channel, head, payload, extras, seq, at)
                  VALUES (entry.room, entry.marks[1], author, entry.connection, entry.app, entry.channel,
                    entry.head, entry.payload, entry.extras, v_seq, v_at)
                  ON CONFLICT (room, member) DO UPDATE SET node = excluded.node, head = excluded.head,
                    payload = excluded.payload, extras = excluded.extras, seq = excluded.seq, at = excluded.at;
              ELSIF old.room IS NOT NULL THEN
                v_seq := v_seq + 1;
                DELETE FROM members m WHERE m.room = entry.room AND m.member = entry.marks[1];
                INSERT INTO events (seq, at, kind, room, app, channel, connection, head, payload, extras, note)
                  VALUES (v_seq, v_at, 'p', entry.room, entry.app, entry.channel, entry.connection, entry.head,
                    CASE WHEN entry.bare THEN old.payload ELSE entry.payload END,
                    CASE WHEN entry.bare THEN coalesce(entry.extras, old.extras) ELSE entry.extras END, 'leave');
              END IF;
            END IF;
          WHEN 'g', 'x', 'e' THEN
            IF EXISTS (SELECT FROM connections c WHERE c.id = entry.connection AND c.node = author) THEN
              FOR old IN
                DELETE FROM members m
                WHERE m.connection = entry.connection AND (entry.k = 'e' OR m.room = entry.room) RETURNING m.*
              LOOP
                v_seq := v_seq + 1;
                PERFORM member_left(v_seq, v_at, old, 'gone');
              END LOOP;
              DELETE FROM attachments a
                WHERE entry.k <> 'g' AND a.connection = entry.connection AND (entry.k = 'e' OR a.room = entry.room);
              DELETE FROM connections c WHERE entry.k = 'e' AND c.id = entry.connection;
            END IF;
          WHEN 'a' THEN
            IF holds_connection(entry.connection, author) THEN
              INSERT INTO attachments (connection, room, app, channel, terms)
                VALUES (entry.connection, entry.room, entry.app, entry.channel, entry.payload)
                ON CONFLICT (connection, room) DO UPDATE SET terms = excluded.terms;
            END IF;
          WHEN 'o' THEN
            PERFORM holds_connection(entry.connection, author);
          WHEN 'd' THEN
            v_seq := v_seq + 1;
            INSERT INTO events (seq, at, kind, app, channel, connection, head, payload)
              VALUES (v_seq, v_at, 'd', '', '', '', '', entry.payload);
          END CASE;
          RETURN NEXT;
        END LOOP;
        \(unlock)
      END $f$
      """

    /// Moves a connection to a node; no row where it is over or never was. The first row has no channel.
    private static let take = """
      CREATE FUNCTION take_connection(author text, conn text)
      RETURNS TABLE (sequence bigint, moment bigint, app text, channel text, terms text) LANGUAGE plpgsql AS $f$
      DECLARE v_seq bigint; v_first bigint; v_at bigint;
      BEGIN
        \(lock)
        UPDATE connections c SET node = author, expires = NULL
          WHERE c.id = conn AND (c.expires IS NULL OR c.expires > clock_timestamp());
        IF NOT FOUND THEN RETURN; END IF;
        INSERT INTO nodes (id, expires) VALUES (author, clock_timestamp() + interval '10 s') ON CONFLICT DO NOTHING;
        UPDATE members m SET node = author WHERE m.connection = conn;
        v_seq := v_seq + 1;
        INSERT INTO events (seq, at, kind, app, channel, connection, head, payload)
          VALUES (v_seq, v_at, 't', '', '', conn, '', author);
        \(unlock)
        RETURN QUERY SELECT v_seq, v_at, NULL::text, NULL::text, NULL::text;
        RETURN QUERY SELECT v_seq, v_at, a.app, a.channel, a.terms FROM attachments a WHERE a.connection = conn;
      END $f$
      """

    /// Says that a node lives. The members of those that do not leave, and their connections wait for two minutes. Nobody
    /// is dead because the server was away.
    private static let renew = """
      CREATE FUNCTION renew_node(author text) RETURNS void LANGUAGE plpgsql AS $f$
      DECLARE
        dead record;
        old members;
        v_seq bigint; v_first bigint; v_at bigint;
      BEGIN
        \(lock)
        INSERT INTO nodes AS n (id, expires) VALUES (author, clock_timestamp() + interval '10 s')
          ON CONFLICT (id) DO UPDATE SET expires = excluded.expires;
        UPDATE connections c SET expires = NULL WHERE c.expires IS NOT NULL AND c.node = author;
        WITH gone AS (DELETE FROM connections c WHERE c.expires < clock_timestamp() RETURNING c.id)
          DELETE FROM attachments a USING gone WHERE a.connection = gone.id;
        FOR dead IN
          DELETE FROM nodes n
          WHERE n.expires < clock_timestamp() AND clock_timestamp() - pg_postmaster_start_time() > interval '10 s'
          RETURNING n.id
        LOOP
          UPDATE connections c SET expires = clock_timestamp() + interval '120 s'
            WHERE c.node = dead.id AND c.expires IS NULL;
          FOR old IN DELETE FROM members m WHERE m.node = dead.id RETURNING m.* LOOP
            v_seq := v_seq + 1;
            PERFORM member_left(v_seq, v_at, old, 'lapse');
          END LOOP;
        END LOOP;
        \(unlock)
      END $f$
      """

    /// Makes the partitions of this hour and the next, and drops those that are past. One node at a time does it.
    private static let sweep = """
      CREATE FUNCTION sweep_log(hours int) RETURNS void LANGUAGE plpgsql AS $f$
      DECLARE
        v_hour bigint; v_table text; old record;
      BEGIN
        PERFORM pg_advisory_xact_lock(hashtextextended(current_schema(), 4));
        SELECT greatest(l.at, (extract(epoch FROM clock_timestamp()) * 1000)::bigint) / 3600000
          INTO v_hour FROM log_state l;
        FOREACH v_table IN ARRAY ARRAY['events', 'message_ids'] LOOP
          FOR v_each IN v_hour .. v_hour + 1 LOOP
            IF to_regclass(v_table || '_' || v_each) IS NULL THEN
              -- Made first and attached then: that waits for nobody who reads or writes.
              EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', v_table || '_' || v_each, v_table);
              EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)', v_table,
                v_table || '_' || v_each, v_each::bigint * 3600000, (v_each + 1)::bigint * 3600000);
            END IF;
          END LOOP;
        END LOOP;
        BEGIN
          -- Nobody is to wait long behind one who waits for a reader.
          PERFORM set_config('lock_timeout', '200ms', true);
          FOR old IN
            SELECT c.relname, p.relname AS parent, substring(c.relname from '[0-9]+$')::bigint AS hour
            FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
            WHERE i.inhparent IN ('events'::regclass, 'message_ids'::regclass)
          LOOP
            IF old.hour < v_hour - (CASE old.parent WHEN 'events' THEN hours ELSE 2 END) THEN
              EXECUTE format('DROP TABLE %I', old.relname);
            END IF;
          END LOOP;
        EXCEPTION WHEN lock_not_available THEN NULL;
        END;
      END $f$
      """
  }
#endif
