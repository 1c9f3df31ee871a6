//! A throw-away PostgreSQL for tests.
//!
//! ```no_run
//! # async fn migrate(url: String) {}
//! # async fn test() {
//! use counterpart_test_postgres::TestDatabase;
//!
//! // `None` when PostgreSQL is left out by `COUNTERPART_SKIP=postgres`.
//! let Some(database) = TestDatabase::create("schema of the store", migrate).await else {
//!     return;
//! };
//! let url = database.url();
//! # }
//! ```
//!
//! How it works:
//! - The first database that a test process asks for starts a cluster of its own, as an
//!   unprivileged user, in a new folder, reachable through a socket in that folder only: there is
//!   no port to clash about and none for others to find. It syncs nothing to disk.
//! - **One cluster per process**, not one for all, so that there is nothing shared whose users
//!   have to be counted, that can be found stale, or that is left behind. To keep that quick
//!   where every test is a process, the first process of all keeps an image of its prepared
//!   cluster beside the test programs; the others unpack it, which takes a fraction of a second.
//! - The cluster cannot outlive the process: its keeper, a shell in a process group of its own,
//!   waits for the end of a pipe that only the test process holds open, then stops the server
//!   and removes the folder. That works after a panic, an abort and `kill -9` alike.
//! - Databases are copies of a template that is prepared once.
//!
//! `COUNTERPART_TEST_POSTGRES_URL` names a server to use instead; databases with names of their
//! own are made there, prepared one by one, and dropped at the end.
//!
//! Without PostgreSQL a test **fails** and says what to install, unless `COUNTERPART_SKIP` (words
//! separated by commas or spaces) contains `postgres`.

#![expect(clippy::print_stderr, reason = "for tests: printing is how it reports")]

mod cluster;
mod programs;

use std::fs::File;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::sync::Mutex;
use tokio_postgres::config::Host;
use tokio_postgres::{Client, Config, NoTls};

use cluster::Cluster;

/// A prepared database.
#[derive(Debug)]
pub struct TestDatabase {
    url: String,
    /// Where and what to drop; a cluster that ends with the process needs no dropping.
    drop: Option<(String, String)>,
}

impl TestDatabase {
    /// A new database in which `prepare` has run (it gets the database's URL). `label` stands
    /// for what `prepare` does: all databases of a label, in all processes, may be copies of one
    /// that was prepared once, so that a label has to change when `prepare` does.
    ///
    /// `None`, with a notice on stderr, when `COUNTERPART_SKIP` contains `postgres`. Panics with
    /// a remedy when PostgreSQL cannot be had.
    pub async fn create<F: Future<Output = ()>>(
        label: &str,
        prepare: impl FnOnce(String) -> F,
    ) -> Option<Self> {
        if is_skipped() {
            eprintln!("PostgreSQL is left out, because COUNTERPART_SKIP says so");
            return None;
        }
        match std::env::var("COUNTERPART_TEST_POSTGRES_URL") {
            Ok(url) if !url.is_empty() => Some(Self::on_a_server(url, prepare).await),
            _ => Some(Self::on_own_cluster(label, prepare).await),
        }
    }

    /// The database's URL.
    pub fn url(&self) -> &str {
        &self.url
    }

    async fn on_a_server<F: Future<Output = ()>>(
        server: String,
        prepare: impl FnOnce(String) -> F,
    ) -> Self {
        let name = next_name();
        execute(
            &server,
            &format!("CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0"),
        )
        .await;
        let url = with_database(&server, &name);
        let database = Self {
            url: url.clone(),
            drop: Some((server, name)),
        };
        prepare(url).await;
        database
    }

    async fn on_own_cluster<F: Future<Output = ()>>(
        label: &str,
        prepare: impl FnOnce(String) -> F,
    ) -> Self {
        static OWN: Mutex<Option<OwnCluster>> = Mutex::const_new(None);

        // Held to the end: a template cannot be copied while somebody else copies it.
        let mut own = OWN.lock().await;
        let (own, template) = match own.take() {
            Some(cluster) => {
                let own = own.insert(cluster);
                let template = own.template(label, prepare).await;
                (own, template)
            }
            None => (own.insert(OwnCluster::first(label, prepare).await), 0),
        };
        let name = next_name();
        let copy = format!("CREATE DATABASE {name} TEMPLATE template_{template}");
        execute(&own.cluster.url("postgres"), &copy).await;
        Self {
            url: own.cluster.url(&name),
            drop: None,
        }
    }
}

/// The cluster of this process with its templates.
struct OwnCluster {
    cluster: Cluster,
    /// What is in `template_0`, `template_1`…
    labels: Vec<String>,
}

impl OwnCluster {
    /// Starts the cluster from the image of a label, which is made when there is none.
    async fn first<F: Future<Output = ()>>(label: &str, prepare: impl FnOnce(String) -> F) -> Self {
        let image = cluster::image_path(label).unwrap_or_else(|why| give_up(&why));
        if !image.exists() {
            // One process makes it, the others wait.
            let lock = File::create(image.with_extension("lock")).and_then(|file| {
                file.lock()?;
                Ok(file)
            });
            let _lock = lock.unwrap_or_else(|error| give_up(&error.to_string()));
            if !image.exists() {
                let cluster = Cluster::start(None).unwrap_or_else(|why| give_up(&why));
                prepare_template(&cluster, 0, prepare).await;
                let kept = cluster.into_image(&image);
                kept.unwrap_or_else(|error| give_up(&error.to_string()));
            }
        }
        Self {
            cluster: Cluster::start(Some(&image)).unwrap_or_else(|why| give_up(&why)),
            labels: vec![label.to_owned()],
        }
    }

    /// The number of the template of a label.
    async fn template<F: Future<Output = ()>>(
        &mut self,
        label: &str,
        prepare: impl FnOnce(String) -> F,
    ) -> usize {
        if let Some(number) = self.labels.iter().position(|known| known == label) {
            return number;
        }
        let number = self.labels.len();
        prepare_template(&self.cluster, number, prepare).await;
        self.labels.push(label.to_owned());
        number
    }
}

async fn prepare_template<F: Future<Output = ()>>(
    cluster: &Cluster,
    number: usize,
    prepare: impl FnOnce(String) -> F,
) {
    let template = format!("template_{number}");
    let admin = cluster.url("postgres");
    execute(&admin, &format!("CREATE DATABASE {template}")).await;
    prepare(cluster.url(&template)).await;
    // Whoever prepared it may have left a connection open, and then it could not be copied.
    let end = format!(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
         WHERE datname = '{template}'"
    );
    execute(&admin, &end).await;
}

fn give_up(why: &str) -> ! {
    panic!(
        "{why}\nThese tests need PostgreSQL 15 or newer: install it (on Debian and Ubuntu the \
         package `postgresql`), name a server in COUNTERPART_TEST_POSTGRES_URL, or leave them \
         out with COUNTERPART_SKIP=postgres"
    )
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Some((server, name)) = self.drop.take() else {
            return;
        };
        // A runtime of its own, on a thread of its own: this one may be inside another runtime.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime for dropping a database");
            let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            runtime.block_on(execute(&server, &sql));
        });
        if dropping.join().is_err() {
            eprintln!("a test's database could not be dropped");
        }
    }
}

fn is_skipped() -> bool {
    let skip = std::env::var("COUNTERPART_SKIP").unwrap_or_default();
    skip.split([',', ' ']).any(|word| word == "postgres")
}

/// A name that no other test has, in this process or another.
fn next_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let nanos = std::time::SystemTime::UNIX_EPOCH
        .elapsed()
        .map_or(0, |elapsed| elapsed.as_nanos());
    format!("counterpart_test_{}_{nanos}_{number}", std::process::id())
}

/// The URL of another database on the same server.
fn with_database(url: &str, name: &str) -> String {
    let (address, query) = url.split_once('?').map_or((url, ""), |(a, q)| (a, q));
    let (scheme, rest) = address.split_once("://").unwrap_or(("postgres", address));
    let authority = rest
        .split_once('/')
        .map_or(rest, |(authority, _)| authority);
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{scheme}://{authority}/{name}{mark}{query}")
}

/// Runs a statement on a connection of its own. Panics with what the server says.
async fn execute(url: &str, sql: &str) {
    let config: Config = url
        .parse()
        .expect("COUNTERPART_TEST_POSTGRES_URL is a URL like postgres://user@host/database");
    let client = connect(&config).await;
    if let Err(error) = client.batch_execute(sql).await {
        panic!("PostgreSQL refused `{sql}`: {error:?}");
    }
}

async fn connect(config: &Config) -> Client {
    match config.connect(NoTls).await {
        Ok((client, connection)) => {
            tokio::spawn(connection);
            client
        }
        Err(error) => panic!(
            "PostgreSQL at {:?} does not answer: {error:?}; start it, or unset \
             COUNTERPART_TEST_POSTGRES_URL to use a cluster of its own",
            config
                .get_hosts()
                .first()
                .unwrap_or(&Host::Tcp(String::new()))
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_database_keeps_the_rest_of_the_url() {
        for (url, expected) in [
            (
                "postgres://u:p@h:1/old?sslmode=disable",
                "postgres://u:p@h:1/new?sslmode=disable",
            ),
            ("postgresql://h", "postgresql://h/new"),
            (
                "postgres://u@/old?host=/tmp/x",
                "postgres://u@/new?host=/tmp/x",
            ),
        ] {
            assert_eq!(with_database(url, "new"), expected);
        }
    }

    #[tokio::test]
    async fn a_copy_has_what_was_prepared() {
        let prepare = |url: String| async move {
            execute(
                &url,
                "CREATE TABLE prepared (n int); INSERT INTO prepared VALUES (7)",
            )
            .await;
        };
        let mut urls = Vec::new();
        for _ in 0..2 {
            let Some(database) = TestDatabase::create("prepared", prepare).await else {
                return;
            };
            let config = database.url().parse().expect("a URL");
            let client = connect(&config).await;
            let row = client.query_one("SELECT n FROM prepared", &[]).await;
            assert_eq!(row.expect("prepared").get::<_, i32>(0), 7);
            urls.push(database.url().to_owned());
        }
        assert_ne!(urls[0], urls[1]);
    }
}
