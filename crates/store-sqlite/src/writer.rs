//! The thread that writes: whole commands in groups, units of work one by one.
//!
//! SQLite has one writer at a time. Whole commands that wait together are run in one transaction,
//! each in a savepoint of its own, and answered after its single commit: one flush to disk for
//! all of them. A unit of work has the thread to itself until it commits, is dropped, or outlives
//! its deadline.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use counterpart_store::StoreError;
use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::fault::{Fault, Result, told};
use crate::open;

/// The most commands that share a transaction: enough for one flush to cost little, few enough
/// for nobody to wait long.
const LARGEST_GROUP: usize = 128;

/// What the writer is asked for.
pub(crate) enum Work {
    /// A whole command.
    Command(Command),
    /// A unit of work.
    Unit(Opening),
}

/// A whole command: run in a savepoint, answered after the commit.
pub(crate) type Command = Box<dyn FnOnce(&Connection) -> Done + Send>;

/// A command that has run.
pub(crate) struct Done {
    keep: bool,
    answer: Answer,
}

/// Tells the asker, who learns in the argument whether the commit went well.
type Answer = Box<dyn FnOnce(std::result::Result<(), &rusqlite::Error>) + Send>;

/// A unit of work that waits for its turn.
pub(crate) struct Opening {
    /// Told when the unit is open; closed when nobody waits any more.
    pub(crate) opened: oneshot::Sender<Result<()>>,
    /// What the unit does, once it is open.
    pub(crate) calls: Receiver<Call>,
    /// How long it may stay open.
    pub(crate) deadline: Duration,
}

/// What a unit of work does.
pub(crate) enum Call {
    /// A part of it; answers by itself.
    Run(Box<dyn FnOnce(&Connection) + Send>),
    /// Its end.
    Commit(oneshot::Sender<Result<()>>),
}

/// The command that runs `job` and what it will answer.
pub(crate) fn command<T: Send + 'static>(
    job: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
) -> (Command, oneshot::Receiver<Result<T>>) {
    let (sender, receiver) = oneshot::channel();
    let command = move |db: &Connection| {
        let outcome = guarded(|| job(db));
        Done {
            keep: outcome.is_ok(),
            answer: Box::new(move |committed| {
                let outcome = match committed {
                    Ok(()) => outcome,
                    Err(error) => outcome.and(Err(told(error).into())),
                };
                // Whoever asked may have gone meanwhile; what is written stays written.
                let _ = sender.send(outcome);
            }),
        }
    };
    (Box::new(command), receiver)
}

/// Runs `job`; a panic in it must not end the thread for everybody.
pub(crate) fn guarded<T>(job: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(job))
        .unwrap_or_else(|_| Err(Fault::corrupt("a database call panicked; see the log")))
}

/// Works until nobody can ask any more.
pub(crate) fn run(db: &Connection, queue: &Receiver<Work>) {
    let mut next = queue.recv().ok();
    while let Some(work) = next {
        next = match work {
            Work::Command(first) => run_group(db, first, queue),
            Work::Unit(opening) => {
                run_unit(db, opening);
                open::end_of_unit(db);
                None
            }
        };
        if next.is_none() {
            next = queue.recv().ok();
        }
    }
}

/// Runs `first` and the commands that wait behind it; the work behind those, if it came up.
fn run_group(db: &Connection, first: Command, queue: &Receiver<Work>) -> Option<Work> {
    let mut answers = Vec::new();
    let mut next = None;
    let outcome = begin(db).and_then(|()| {
        answers.push(run_command(db, first)?);
        while answers.len() < LARGEST_GROUP {
            match queue.try_recv() {
                Ok(Work::Command(command)) => answers.push(run_command(db, command)?),
                Ok(unit @ Work::Unit(_)) => {
                    next = Some(unit);
                    break;
                }
                Err(_) => break,
            }
        }
        db.execute_batch("COMMIT")
    });
    if let Err(error) = &outcome {
        tracing::error!(error = %told(error), "a group of commands could not be written");
        roll_back(db);
    }
    for answer in answers {
        answer(outcome.as_ref().copied());
    }
    next
}

fn run_command(db: &Connection, command: Command) -> rusqlite::Result<Answer> {
    db.execute_batch("SAVEPOINT command")?;
    let done = command(db);
    let end = if done.keep {
        "RELEASE command"
    } else {
        "ROLLBACK TO command; RELEASE command"
    };
    match db.execute_batch(end) {
        Ok(()) => Ok(done.answer),
        Err(error) => {
            (done.answer)(Err(&error));
            Err(error)
        }
    }
}

fn run_unit(db: &Connection, opening: Opening) {
    let Opening {
        opened,
        calls,
        deadline,
    } = opening;
    if opened.is_closed() {
        return;
    }
    if let Err(error) = begin(db) {
        let _ = opened.send(Err(error.into()));
        return;
    }
    let until = Instant::now() + deadline;
    if opened.send(Ok(())).is_err() {
        roll_back(db);
        return;
    }
    loop {
        match calls.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(Call::Run(job)) => job(db),
            Ok(Call::Commit(answer)) => {
                let committed = db.execute_batch("COMMIT").map_err(Fault::from);
                if committed.is_err() {
                    roll_back(db);
                }
                let _ = answer.send(committed);
                return;
            }
            Err(RecvTimeoutError::Timeout) => {
                tracing::warn!(
                    ?deadline,
                    "a unit of work outlived its deadline and was undone"
                );
                roll_back(db);
                return;
            }
            Err(RecvTimeoutError::Disconnected) => {
                roll_back(db);
                return;
            }
        }
    }
}

fn begin(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch("BEGIN IMMEDIATE")
}

/// Undoes the transaction. SQLite may have done so by itself, for example on a full disk.
fn roll_back(db: &Connection) {
    if !db.is_autocommit()
        && let Err(error) = db.execute_batch("ROLLBACK")
    {
        tracing::error!(error = %told(&error), "a transaction could not be undone");
    }
}

/// Asks the writer; fails when its thread is gone.
pub(crate) fn send(queue: &Sender<Work>, work: Work) -> Result<()> {
    queue.send(work).map_err(|_| closed())
}

/// What is told when the writer is gone or dropped a command.
pub(crate) fn closed() -> Fault {
    StoreError::Unavailable("it is closed, or cannot be written; see the log".into()).into()
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    /// Runs commands that are all waiting already, so that they share a transaction.
    fn together(
        db: &Connection,
        jobs: Vec<fn(&Connection) -> Result<usize>>,
    ) -> Vec<Result<usize>> {
        let (queue, work) = channel();
        let mut answers = Vec::new();
        for job in jobs {
            let (command, answer) = command(job);
            queue.send(Work::Command(command)).expect("listening");
            answers.push(answer);
        }
        drop(queue);
        run(db, &work);
        let answers = answers.into_iter();
        answers
            .map(|answer| answer.blocking_recv().expect("answered"))
            .collect()
    }

    fn insert(db: &Connection) -> Result<usize> {
        Ok(db.execute("INSERT INTO t SELECT count(*) FROM t", [])?)
    }

    #[test]
    fn a_command_that_fails_or_panics_takes_nobody_along() {
        let db = Connection::open_in_memory().expect("opened");
        db.execute_batch("CREATE TABLE t (n INTEGER)")
            .expect("created");
        let fails: fn(&Connection) -> Result<usize> = |db| {
            insert(db)?;
            Err(Fault::misuse("on purpose"))
        };
        let panics: fn(&Connection) -> Result<usize> = |db| {
            insert(db)?;
            panic!("on purpose")
        };
        let outcomes = together(&db, vec![insert, fails, insert, panics, insert]);
        let went_well: Vec<_> = outcomes.iter().map(std::result::Result::is_ok).collect();
        assert_eq!(went_well, [true, false, true, false, true]);
        let rows: i64 = db
            .query_row("SELECT count(*) FROM t", [], |row| row.get(0))
            .expect("counted");
        assert_eq!(rows, 3);
    }

    #[test]
    fn commands_that_cannot_be_committed_are_all_told() {
        let db = Connection::open_in_memory().expect("opened");
        let deferred = "PRAGMA foreign_keys = ON; CREATE TABLE t (n INTEGER PRIMARY KEY); \
            CREATE TABLE u (n INTEGER REFERENCES t (n) DEFERRABLE INITIALLY DEFERRED)";
        db.execute_batch(deferred).expect("created");
        let dangles: fn(&Connection) -> Result<usize> =
            |db| Ok(db.execute("INSERT INTO u VALUES (7)", [])?);
        let outcomes = together(&db, vec![insert, dangles]);
        assert!(outcomes.iter().all(std::result::Result::is_err));
        assert!(db.is_autocommit(), "nothing is left open");
        assert!(together(&db, vec![insert])[0].is_ok(), "others go on");
    }
}
