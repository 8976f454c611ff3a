//! A NATS server of its own for a test, which can be killed and started again on the same port.

use std::{
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// A running server; ends with its handle.
pub struct Nats {
    program: PathBuf,
    port: u16,
    child: Option<Child>,
}

impl Nats {
    /// Starts one. `None` when the program is not installed, which only a machine that is not CI may be.
    pub fn start() -> Option<Nats> {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/nats.sh");
        let found = Command::new(script).arg("path").output().expect("scripts/nats.sh");
        if !found.status.success() {
            let why = String::from_utf8_lossy(&found.stderr);
            assert!(std::env::var_os("CI").is_none(), "no NATS in CI: {why}");
            eprintln!("NOT TESTED, several nodes over NATS: {why}");
            return None;
        }
        let program = PathBuf::from(String::from_utf8_lossy(&found.stdout).trim());
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = free.local_addr().expect("address").port();
        drop(free);
        let mut nats = Nats { program, port, child: None };
        nats.begin();
        Some(nats)
    }

    pub fn url(&self) -> String {
        format!("nats://tashi:secret@127.0.0.1:{}", self.port)
    }

    /// Starts the server again.
    pub fn begin(&mut self) {
        let port = self.port.to_string();
        let child = Command::new(&self.program)
            .args(["-a", "127.0.0.1", "-p", &port, "--user", "tashi", "--pass", "secret"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("nats-server");
        self.child = Some(child);
        let deadline = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(Instant::now() < deadline, "nats-server does not answer");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Kills it as a failing machine would.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        self.kill();
    }
}
