//! One cluster per process, made from an image that all processes share.

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, ChildStdout, Stdio};
use std::sync::Mutex;

use crate::programs;

/// Makes a cluster in a new folder, starts it, says where it is, waits for the end of its
/// standard input, stops it and removes the folder. `$1` is the folder of the programs, `$2` the
/// size of the image that comes first on standard input; when it is 0 the cluster is a new one,
/// and an image of it is written to standard output after it has stopped.
///
/// Fast rather than safe: nothing is synced, because nothing has to survive.
const KEEPER: &str = r#"
set -u
trap '' HUP INT TERM
folder=$(mktemp -d /tmp/counterpart-postgres.XXXXXX) || exit 1
cd "$folder" || exit 1
: >log
server=
finish() {
    if [ -n "$server" ]; then kill -"$1" "$server" && wait "$server"; fi
    if [ "$1" = INT ]; then tar -c data; fi
    cd / && rm -rf "$folder"
}
fail() {
    echo "failed: $1: $(tail -n 5 "$folder/log" | tr '\n' ' ')"
    finish QUIT
    exit 1
}
if [ "$2" -gt 0 ]; then
    head -c "$2" | tar -x || fail tar
else
    "$1/initdb" --pgdata=data --username=postgres --auth=trust --encoding=UTF8 --locale=C \
        --no-sync --no-instructions --wal-segsize=1 >log 2>&1 </dev/null || fail initdb
fi
"$1/postgres" -D data -F -k "$folder" \
    -c listen_addresses= -c max_connections=200 -c shared_buffers=32MB \
    -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off \
    -c wal_level=minimal -c max_wal_senders=0 -c max_wal_size=256MB \
    -c logging_collector=off >>log 2>&1 </dev/null &
server=$!
tries=0
until grep -q 'ready to accept connections' log; do
    kill -0 "$server" 2>/dev/null || { server=; fail postgres; }
    tries=$((tries + 1))
    [ "$tries" -lt 1500 ] || fail 'postgres was not ready within 30 s'
    sleep 0.02
done
echo "ready: $folder"
cat >/dev/null
if [ "$2" -gt 0 ]; then finish QUIT; else finish INT; fi
"#;

/// A cluster of this process.
#[derive(Debug)]
pub(crate) struct Cluster {
    folder: String,
    /// The keeper waits for the end of this pipe, which comes with the end of the process.
    lifeline: Mutex<ChildStdin>,
    /// Where the image of a new cluster comes out.
    stdout: BufReader<ChildStdout>,
}

impl Cluster {
    /// Starts a cluster from an image, or a new one.
    pub(crate) fn start(image: Option<&Path>) -> Result<Self, String> {
        let programs = programs::folder().ok_or("PostgreSQL's programs were not found")?;
        let size = match image {
            Some(path) => fs::metadata(path).map_err(|error| error.to_string())?.len(),
            None => 0,
        };
        let mut keeper = programs::unprivileged_shell(KEEPER)
            .arg(&programs)
            .arg(size.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // What ends the tests' process group must not end the keeper before it has cleaned up.
            .process_group(0)
            .spawn()
            .map_err(|error| format!("PostgreSQL's keeper cannot be started: {error}"))?;
        let mut lifeline = keeper.stdin.take().ok_or("the keeper has no input")?;
        let stdout = keeper.stdout.take().ok_or("the keeper has no output")?;
        if let Some(path) = image {
            pour(path, &mut lifeline)
                .map_err(|error| format!("{} cannot be copied: {error}", path.display()))?;
        }
        let mut stdout = BufReader::new(stdout);
        let mut answer = String::new();
        stdout
            .read_line(&mut answer)
            .map_err(|error| format!("PostgreSQL's keeper does not answer: {error}"))?;
        match answer.trim().strip_prefix("ready: ") {
            Some(folder) => Ok(Self {
                folder: folder.to_owned(),
                lifeline: Mutex::new(lifeline),
                stdout,
            }),
            None => Err(format!("PostgreSQL does not start: {}", answer.trim())),
        }
    }

    /// The URL of a database.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://postgres@/{database}?host={}", self.folder)
    }

    /// Stops a new cluster and keeps its image at `path`, which appears when it is complete.
    pub(crate) fn into_image(self, path: &Path) -> io::Result<()> {
        drop(self.lifeline);
        let mut stdout = self.stdout;
        let partial = path.with_extension("partial");
        let copied = io::copy(&mut stdout, &mut File::create(&partial)?)?;
        if copied == 0 {
            return Err(io::Error::other("the cluster gave no image"));
        }
        fs::rename(partial, path)
    }
}

fn pour(image: &Path, pipe: &mut ChildStdin) -> io::Result<()> {
    io::copy(&mut File::open(image)?, pipe)?;
    pipe.flush()
}

/// Where the image of clusters for a label is kept: beside the test programs in the build folder,
/// so that it goes with them. Another PostgreSQL or another label makes another image.
pub(crate) fn image_path(label: &str) -> Result<PathBuf, String> {
    let programs = programs::folder().ok_or("PostgreSQL's programs were not found")?;
    let mut hasher = DefaultHasher::new();
    (label, &programs, KEEPER).hash(&mut hasher);
    let modified = fs::metadata(programs.join("postgres")).and_then(|file| file.modified());
    modified.ok().hash(&mut hasher);
    let exe = std::env::current_exe().map_err(|error| error.to_string())?;
    let folder = exe.parent().ok_or("the test program is in no folder")?;
    Ok(folder.join(format!("counterpart-postgres-{:016x}.tar", hasher.finish())))
}
