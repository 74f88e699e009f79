//! `kill -9` does not lose what the kernel holds. A trace of the system calls of the server and of
//! PostgreSQL shows that the log was on disk before a send was answered.

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use hansa_tests::service::postgres::Postgres;
use hansa_tests::{Column, Deployment};

use super::{Talk, send};

/// Everything by which a message can come, go and be kept.
const CALLS: &str = "trace=read,readv,recvfrom,recvmsg,write,writev,pwrite64,pwritev,pwritev2,\
                     sendto,sendmsg,fsync,fdatasync";
/// Bytes of a buffer that are shown: more than a batch of the log.
const SHOWN: &str = "1048576";
/// In the text of the one message that is looked for.
const NONCE: &str = "nonce-of-the-traced-message";
/// The end of the query in which PostgreSQL is given the message and told to commit it (ADR 0009),
/// as `strace` shows it.
const COMMIT: &str = ";\\nCOMMIT\\0";

both_columns! {
    /// covers: MSG-02
    the_log_is_on_disk_before_a_send_is_answered
}

async fn the_log_is_on_disk_before_a_send_is_answered(column: Column) {
    let (postgres, log) = match column {
        Column::Embedded => (None, ".sqlite-wal>"),
        Column::Scaled => (Some(Postgres::start().expect("PostgreSQL")), "/pg_wal/"),
    };
    let database = match &postgres {
        Some(server) => Some(server.fresh_database().await.expect("a database")),
        None => None,
    };
    let deployment = Deployment::start_on(database).await;
    let talk = Talk::start(&deployment.site).await;
    let browser = &talk.people[0].browser;
    // Whatever the first message opens is open before the trace begins.
    let first = send(browser, &talk.conversation, "nonce-before-the-trace").await;
    assert!(first.is_some());

    let mut pids: Vec<u32> = deployment.pid().into_iter().collect();
    pids.extend(postgres.iter().flat_map(Postgres::pids));
    let output = deployment.data().join("trace.txt");
    let strace = Strace::attach(&pids, &output);
    let sent = send(browser, &talk.conversation, NONCE).await;
    strace.detach();
    assert!(sent.is_some());

    let trace = fs::read_to_string(&output).expect("a trace");
    let kept = kept_before_the_answer(&calls_of(&trace), log, column == Column::Scaled);
    assert_eq!(kept, Ok(()));
}

/// The message came, then somebody (whoever of PostgreSQL's processes: one flushes for all that
/// wait) wrote it to the log and after that began and finished a sync of the log, and only then was
/// it answered. Else what is missing. PostgreSQL may write a row to the log before it is told to
/// commit it (`told`): then the sync that counts began after that.
fn kept_before_the_answer(calls: &[Call<'_>], log: &str, told: bool) -> Result<(), String> {
    let missing = |what: &str| format!("no {what} among {} calls", calls.len());
    let arrival = calls.iter().find_map(|call| {
        let arrival = call.is(&["read", "recv"]) && call.has(NONCE);
        call.ended.filter(|_| arrival)
    });
    let arrival = arrival.ok_or_else(|| missing("arrival of the send"))?;
    let written = calls.iter().filter(|call| {
        call.is(&["write", "pwrite"]) && call.has(NONCE) && call.target.contains(log)
    });
    let written = written.filter(|call| call.began > arrival);
    let written = written.filter_map(|call| call.ended).min();
    let written = written.ok_or_else(|| missing("write of it to the log"))?;
    let commit = match told {
        true => told_to_commit(calls).ok_or_else(|| missing("word to commit it"))?,
        false => written,
    };
    let kept = Ord::max(written, commit);
    let synced = calls.iter().filter(|call| {
        call.is(&["fdatasync", "fsync"]) && call.target.contains(log) && call.returned("0")
    });
    let synced = synced.filter(|call| call.began > kept);
    let synced = synced.filter_map(|call| call.ended).min();
    let synced = synced.ok_or_else(|| missing("finished sync of the log after it"))?;
    let answered = calls.iter().any(|call| {
        let answer = call.is(&["write", "send"]) && call.has("\\\"messageSend\\\"");
        answer && call.has(NONCE) && call.began > synced
    });
    answered
        .then_some(())
        .ok_or_else(|| missing("answer after the sync"))
}

/// When PostgreSQL was given the message and told to commit it.
fn told_to_commit(calls: &[Call<'_>]) -> Option<usize> {
    let told = |call: &&Call<'_>| call.is(&["recv"]) && call.has(NONCE) && call.has(COMMIT);
    calls.iter().find(told)?.ended
}

/// A system call, with the lines of the trace where it began and ended.
struct Call<'a> {
    name: &'a str,
    /// The file or socket it is about, as `strace -y` shows it.
    target: &'a str,
    /// What was shown at its begin and, where another thread's call came between, at its end.
    texts: [&'a str; 2],
    began: usize,
    ended: Option<usize>,
}

impl Call<'_> {
    fn is(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.name.starts_with(name))
    }

    fn has(&self, part: &str) -> bool {
        self.texts.iter().any(|text| text.contains(part))
    }

    /// `strace` puts results below each other: any number of spaces stands before them.
    fn returned(&self, result: &str) -> bool {
        let [begin, end] = self.texts;
        let last = if end.is_empty() { begin } else { end };
        let parts = last.rsplit_once('=');
        parts.is_some_and(|(call, own)| call.trim_end().ends_with(')') && own.trim() == result)
    }
}

/// A line is a thread and its call; a call that another thread interrupted has two of them.
fn calls_of(trace: &str) -> Vec<Call<'_>> {
    let mut unfinished: HashMap<&str, usize> = HashMap::new();
    let mut calls: Vec<Call<'_>> = Vec::new();
    for (line, text) in trace.lines().enumerate() {
        let Some((thread, text)) = text.split_once(' ') else {
            continue;
        };
        let text = text.trim_start();
        if text.starts_with("<... ") {
            let begun = unfinished.remove(thread);
            if let Some(call) = begun.and_then(|place| calls.get_mut(place)) {
                call.texts[1] = text;
                call.ended = Some(line);
            }
            continue;
        }
        let Some((name, arguments)) = text.split_once('(') else {
            continue;
        };
        let end = arguments.find([',', ')', ' ']).unwrap_or(arguments.len());
        let ended = !text.ends_with("<unfinished ...>");
        if !ended {
            unfinished.insert(thread, calls.len());
        }
        calls.push(Call {
            name,
            target: &arguments[..end],
            texts: [text, ""],
            began: line,
            ended: ended.then_some(line),
        });
    }
    calls
}

/// `strace` that looks at running processes.
struct Strace {
    child: Child,
    said: BufReader<std::process::ChildStderr>,
}

impl Strace {
    /// Returns when it looks at all of them.
    fn attach(pids: &[u32], output: &Path) -> Self {
        let mut command = Command::new("strace");
        command.args([
            "-f",
            "-y",
            "-e",
            CALLS,
            "-e",
            "signal=none",
            "-s",
            SHOWN,
            "-o",
        ]);
        command.arg(output);
        for pid in pids {
            command.arg("-p").arg(pid.to_string());
        }
        let mut child = command
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("strace: apt-get install strace");
        let mut said = BufReader::new(child.stderr.take().expect("its output"));
        for pid in pids {
            let mut line = String::new();
            said.read_line(&mut line).expect("a line of strace");
            let why = "run as root, or set kernel.yama.ptrace_scope to 0";
            assert!(line.contains(" attached"), "{pid}: {line}({why})");
        }
        Self { child, said }
    }

    /// Lets them go, and returns when the trace is complete.
    fn detach(mut self) {
        let pid = self.child.id().to_string();
        let asked = Command::new("kill").args(["-INT", &pid]).status();
        assert!(asked.expect("kill").success());
        let mut rest = String::new();
        self.said.read_to_string(&mut rest).expect("its last words");
        self.child.wait().expect("its end");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARRIVAL: &str =
        r#"1 recvfrom(30<socket:[1]>, "POST nonce-of-the-traced-message", 9) = 9"#;
    const ASKED: &str = r#"7 recvfrom(7<socket:[2]>, "Q nonce-of-the-traced-message\0", 9) = 9"#;
    const TOLD: &str =
        r#"7 recvfrom(7<socket:[2]>, "Q nonce-of-the-traced-message\n;\nCOMMIT\0", 9) = 9"#;
    const WRITE: &str = r#"7 pwrite64(22</d/pg_wal/01>, "nonce-of-the-traced-message", 8, 0) = 8"#;
    const SYNC: &str = "7 fdatasync(22</d/pg_wal/01>)           = 0";
    const SYNC_BEGINS: &str = "8 fdatasync(22</d/pg_wal/01> <unfinished ...>";
    const SYNC_ENDS: &str = "8 <... fdatasync resumed>)          = 0";
    const SYNC_FAILS: &str = "8 <... fdatasync resumed>)          = -1 EIO (Input/output error)";
    const ANSWER: &str =
        r#"1 sendto(30<socket:[1]>, "{\"messageSend\":nonce-of-the-traced-message", 9) = 9"#;

    /// What comes between the message's way to PostgreSQL and the answer.
    fn is_kept(between: &[&str]) -> bool {
        let lines = [&[ARRIVAL, ASKED], between, &[ANSWER]].concat();
        kept_before_the_answer(&calls_of(&lines.join("\n")), "/pg_wal/", true).is_ok()
    }

    #[test]
    fn a_sync_counts_whoever_does_it_and_however_often_it_is_interrupted() {
        assert!(is_kept(&[TOLD, WRITE, SYNC]));
        assert!(is_kept(&[TOLD, WRITE, SYNC_BEGINS, SYNC_ENDS]));
        assert!(is_kept(&[TOLD, SYNC_BEGINS, WRITE, SYNC_ENDS, SYNC]));
        assert!(is_kept(&[WRITE, SYNC, TOLD, SYNC_BEGINS, SYNC_ENDS]));
    }

    #[test]
    fn a_sync_counts_only_when_it_began_after_the_commit_and_ended_before_the_answer() {
        assert!(!is_kept(&[TOLD, WRITE]));
        assert!(!is_kept(&[TOLD, SYNC, WRITE]));
        assert!(!is_kept(&[WRITE, SYNC, TOLD]));
        assert!(!is_kept(&[WRITE, SYNC]));
        assert!(!is_kept(&[TOLD, SYNC_BEGINS, WRITE, SYNC_ENDS]));
        assert!(!is_kept(&[TOLD, WRITE, SYNC_BEGINS]));
        assert!(!is_kept(&[TOLD, WRITE, SYNC_BEGINS, SYNC_FAILS]));
    }
}
