//! `cargo xtask bench measure`: one program in a process of its own, with what it took.
//!
//! Linux starts a program's peak memory from that of the process it was started by. So whoever
//! measures must be small: this step is a process of its own, and neither reads pairs nor keeps
//! rows.

use std::{
    ffi::OsString,
    io::{self, Read, Write},
    os::unix::process::{CommandExt, ExitStatusExt},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use clap::Args;
use rustix::process::{Pid, Signal, kill_process_group};
use serde::{Deserialize, Serialize};
use wait4::Wait4;

use crate::Error;

/// The program, and how long it may take.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Seconds after which the program is ended
    #[arg(long, value_name = "SECONDS", default_value_t = 900)]
    timeout: u64,
    /// Folder to run it in
    #[arg(long, value_name = "DIR", default_value = ".")]
    folder: PathBuf,
    /// The program and its arguments
    #[arg(
        value_name = "PROGRAM",
        required = true,
        trailing_var_arg = true,
        allow_hyphen_values = true
    )]
    program: Vec<OsString>,
}

/// What came of running a program.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Measurement {
    pub(crate) ending: Ending,
    /// Seconds from start to end.
    pub(crate) wall_s: f64,
    /// Seconds of processor time, over all threads.
    pub(crate) cpu_s: f64,
    /// Peak of the resident memory, in MiB.
    pub(crate) peak_mib: u64,
    /// What it wrote to standard output.
    pub(crate) stdout: String,
    /// The end of what it wrote to standard error.
    pub(crate) stderr: String,
}

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ending {
    /// With exit code 0.
    Done,
    /// With another code, or by a signal.
    Failed,
    /// It was ended when its time was over.
    TimedOut,
}

/// Runs the program and prints the measurement as JSON.
pub(crate) fn run(arguments: &Arguments, output: &mut impl Write) -> Result<(), Error> {
    let measurement = measure(arguments)?;
    serde_json::to_writer(&mut *output, &measurement).map_err(io::Error::from)?;
    writeln!(output)?;
    Ok(())
}

fn measure(arguments: &Arguments) -> Result<Measurement, Error> {
    let (name, rest) = arguments
        .program
        .split_first()
        .expect("clap asks for at least one word");
    let failed = |source| Error::Run {
        command: name.display().to_string(),
        source,
    };
    let start = Instant::now();
    let mut child = Command::new(name)
        .args(rest)
        .current_dir(&arguments.folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // A group of its own, so that what it starts ends with it.
        .process_group(0)
        .spawn()
        .map_err(failed)?;
    let stdout = collect(child.stdout.take());
    let stderr = collect(child.stderr.take());
    let watch = watch(&child, Duration::from_secs(arguments.timeout));
    let ended = child.wait4().map_err(failed)?;
    let wall = start.elapsed();
    let timed_out = watch();
    let ending = if timed_out && ended.status.signal().is_some() {
        Ending::TimedOut
    } else if ended.status.success() {
        Ending::Done
    } else {
        Ending::Failed
    };
    let cpu = ended.rusage.utime + ended.rusage.stime;
    let stderr = stderr.join().unwrap_or_default();
    Ok(Measurement {
        ending,
        wall_s: wall.as_secs_f64(),
        cpu_s: cpu.as_secs_f64(),
        peak_mib: ended.rusage.maxrss / (1024 * 1024),
        stdout: stdout.join().unwrap_or_default(),
        stderr: last_lines(&stderr, 6),
    })
}

/// Reads a pipe to its end on a thread, so that a full one does not stop the program.
fn collect(pipe: Option<impl Read + Send + 'static>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            // What a program that was ended has not written is not missed.
            let _ = pipe.read_to_end(&mut bytes);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// Ends the program's group when the time is over. What is returned says whether that was needed,
/// and must be called once the program has ended.
fn watch(child: &Child, timeout: Duration) -> impl FnOnce() -> bool + use<> {
    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let (ended, has_ended) = mpsc::channel::<()>();
    let watcher = thread::spawn(move || {
        let is_over = has_ended.recv_timeout(timeout) == Err(RecvTimeoutError::Timeout);
        if is_over && let Some(group) = group {
            // It fails when the program ended in this instant, which is just as well.
            let _ = kill_process_group(group, Signal::KILL);
        }
        is_over
    });
    move || {
        // The watcher is gone when the time was over.
        let _ = ended.send(());
        watcher.join().unwrap_or(false)
    }
}

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::{Arguments, Ending, last_lines, measure};

    fn shell(script: &str, timeout: u64) -> Arguments {
        Arguments {
            timeout,
            folder: ".".into(),
            program: ["sh", "-c", script].map(OsString::from).to_vec(),
        }
    }

    #[test]
    fn a_program_is_measured_and_its_output_kept() {
        let measured = measure(&shell("echo out; echo err >&2", 60)).expect("sh is there");
        assert_eq!(measured.ending, Ending::Done);
        assert_eq!(
            (measured.stdout.as_str(), measured.stderr.as_str()),
            ("out\n", "err")
        );
        assert!(measured.wall_s > 0.0);
    }

    #[test]
    fn a_failure_is_told_apart_from_success() {
        let measured = measure(&shell("exit 3", 60)).expect("sh is there");
        assert_eq!(measured.ending, Ending::Failed);
    }

    #[test]
    fn a_program_whose_time_is_over_is_ended_with_all_it_started() {
        let measured = measure(&shell("sleep 600 & sleep 600", 0)).expect("sh is there");
        assert_eq!(measured.ending, Ending::TimedOut);
        assert!(measured.wall_s < 60.0);
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let mut arguments = shell("", 1);
        arguments.program = vec![OsString::from("no-such-program")];
        let error = measure(&arguments).expect_err("it is not there");
        assert!(error.to_string().contains("no-such-program"), "{error}");
    }

    #[test]
    fn only_the_last_lines_are_kept() {
        assert_eq!(last_lines("a\nb\nc\n", 2), "b\nc");
        assert_eq!(last_lines("", 2), "");
    }
}
