-- Text ids, instants as unix milliseconds in UTC, nothing bound to one dialect.
CREATE TABLE people (
  id TEXT PRIMARY KEY,
  slack_id TEXT NOT NULL,
  email TEXT NOT NULL,
  name TEXT NOT NULL,
  roles TEXT NOT NULL,
  zone TEXT NOT NULL
);
CREATE INDEX people_slack ON people (slack_id);

CREATE TABLE links (
  id TEXT PRIMARY KEY,
  coach TEXT NOT NULL REFERENCES people (id),
  coachee TEXT NOT NULL REFERENCES people (id),
  zone TEXT NOT NULL,
  minutes BIGINT NOT NULL,
  one_on_one TEXT NOT NULL,
  reflect TEXT NOT NULL,
  deep_dive TEXT NOT NULL,
  coaching TEXT NOT NULL
);
CREATE INDEX links_coach ON links (coach);
CREATE INDEX links_coachee ON links (coachee);

-- What the clock waits for: one row per thing that recurs: which turn was handled last, and when the next is due.
CREATE TABLE dues (
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  handled TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  PRIMARY KEY (kind, subject)
);
CREATE INDEX dues_due ON dues (due_at, subject);

CREATE TABLE occurrences (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  nominal TEXT NOT NULL,
  zone TEXT NOT NULL,
  starts_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  state TEXT NOT NULL,
  evidence TEXT NOT NULL,
  UNIQUE (kind, subject, nominal)
);

CREATE TABLE conversations (
  id TEXT PRIMARY KEY,
  guide TEXT NOT NULL,
  person TEXT NOT NULL REFERENCES people (id),
  coach TEXT NOT NULL REFERENCES people (id),
  link TEXT NOT NULL REFERENCES links (id),
  occurrence TEXT NOT NULL REFERENCES occurrences (id),
  about TEXT NOT NULL,
  turns BIGINT NOT NULL,
  thread TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX conversations_person ON conversations (person, until_at);
CREATE INDEX conversations_coach ON conversations (coach, until_at);

CREATE TABLE answers (
  conversation TEXT NOT NULL REFERENCES conversations (id),
  question TEXT NOT NULL,
  place BIGINT NOT NULL,
  text TEXT NOT NULL,
  choice TEXT NOT NULL,
  answered_at BIGINT NOT NULL,
  shared_at BIGINT NOT NULL,
  read_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (conversation, question)
);

-- What was done already, and what was answered: a repeat gets the stored reply. Kept by the machine's clock.
CREATE TABLE inputs (
  key TEXT PRIMARY KEY,
  at BIGINT NOT NULL,
  reply TEXT NOT NULL
);

-- The outbox. References only, never words. due_at is the domain clock's, retry_at, leased_until and done_at the machine's.
CREATE TABLE deliveries (
  id TEXT NOT NULL,
  team TEXT NOT NULL,
  key TEXT PRIMARY KEY,
  op TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  part TEXT NOT NULL,
  turn BIGINT NOT NULL,
  thread TEXT NOT NULL,
  audience TEXT NOT NULL,
  lane TEXT NOT NULL,
  rank BIGINT NOT NULL,
  target TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  rev BIGINT NOT NULL,
  attempt BIGINT NOT NULL,
  owner TEXT NOT NULL,
  leased_until BIGINT NOT NULL,
  retry_at BIGINT NOT NULL,
  done_at BIGINT,
  outcome TEXT NOT NULL,
  channel TEXT NOT NULL,
  ts TEXT NOT NULL
);
CREATE UNIQUE INDEX deliveries_seq ON deliveries (seq);
CREATE INDEX deliveries_pending ON deliveries (team, rank, due_at, seq) WHERE done_at IS NULL;
CREATE INDEX deliveries_lane ON deliveries (lane, seq) WHERE done_at IS NULL;
CREATE INDEX deliveries_asked ON deliveries (audience, kind, seq);
