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
    let calls = calls_of(&trace);
    let mut rest = calls.iter();
    let mut next = |what: &str, wanted: &dyn Fn(&Call) -> bool| {
        let found = rest.any(wanted);
        assert!(found, "no {what} in its order among {} calls", calls.len());
    };
    next("arrival of the send", &|call| {
        call.is(&["read", "recv"]) && call.has(NONCE)
    });
    next("write of it to the log", &|call| {
        call.is(&["write", "pwrite"]) && call.has(NONCE) && call.target.contains(log)
    });
    next("finished sync of the log", &|call| {
        call.is(&["fdatasync", "fsync"]) && call.target.contains(log) && call.has(") = 0")
    });
    next("answer", &|call| {
        call.is(&["write", "send"]) && call.has(NONCE) && call.has("\\\"messageSend\\\"")
    });
}

/// A system call in the order of the trace: of reads and syncs their ends, of writes their begins.
struct Call<'a> {
    name: &'a str,
    /// The file or socket it is about, as `strace -y` shows it.
    target: &'a str,
    text: &'a str,
}

impl Call<'_> {
    fn is(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.name.starts_with(name))
    }

    fn has(&self, part: &str) -> bool {
        self.text.contains(part)
    }
}

/// A line is a thread and its call; a call that another thread interrupted has two of them.
fn calls_of(trace: &str) -> Vec<Call<'_>> {
    let mut unfinished = HashMap::new();
    let mut calls = Vec::new();
    for line in trace.lines() {
        let Some((thread, text)) = line.split_once(' ') else {
            continue;
        };
        let text = text.trim_start();
        if let Some(rest) = text.strip_prefix("<... ") {
            let name = rest.split(' ').next().unwrap_or_default();
            let target = unfinished.remove(thread).unwrap_or_default();
            // The begin of a write stands in the trace already.
            if !name.starts_with("write") {
                calls.push(Call { name, target, text });
            }
            continue;
        }
        let Some((name, arguments)) = text.split_once('(') else {
            continue;
        };
        let end = arguments.find([',', ')']).unwrap_or(arguments.len());
        let target = &arguments[..end];
        if text.ends_with("<unfinished ...>") {
            unfinished.insert(thread, target);
        }
        calls.push(Call { name, target, text });
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
