//! Certificates by ACME, against a real ACME server: Pebble, the one Let's Encrypt tests clients with. It connects back to
//! our port and checks the TLS-ALPN-01 answer as the public authority does.

#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene should stop")]

use std::{
    fs,
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;

/// A running Pebble, ended with its handle.
struct Pebble {
    child: Child,
    directory: String,
    management: u16,
}

impl Drop for Pebble {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Ports that are free and differ from each other: one given back at once could be drawn again.
fn free_ports<const N: usize>() -> [u16; N] {
    let held = [(); N].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    held.map(|one| one.local_addr().unwrap().port())
}

fn free_port() -> u16 {
    free_ports::<1>()[0]
}

/// Starts Pebble in `folder`, with a certificate of its own in `pebble.pem`; it will ask names on the first port and listens
/// on the others.
fn pebble(folder: &Path, [tls_port, listen, management]: [u16; 3]) -> Pebble {
    let key = rcgen::generate_simple_self_signed(vec!["localhost".into()]).unwrap();
    fs::write(folder.join("pebble.pem"), key.cert.pem()).unwrap();
    fs::write(folder.join("pebble.key"), key.signing_key.serialize_pem()).unwrap();
    let config = serde_json::json!({ "pebble": {
        "listenAddress": format!("127.0.0.1:{listen}"), "managementListenAddress": format!("127.0.0.1:{management}"),
        "certificate": folder.join("pebble.pem"), "privateKey": folder.join("pebble.key"),
        "httpPort": 1, "tlsPort": tls_port, "ocspResponderURL": "", "externalAccountBindingRequired": false,
    } });
    fs::write(folder.join("pebble.json"), config.to_string()).unwrap();
    let child = Command::new("pebble")
        .arg("-config")
        .arg(folder.join("pebble.json"))
        .env("PEBBLE_VA_NOSLEEP", "1")
        .env("PEBBLE_WFE_NONCEREJECT", "0")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("pebble (apt-get install pebble, or scripts/install.sh test)");
    Pebble { child, directory: format!("https://localhost:{listen}/dir"), management }
}

fn trusting(pem: &[u8]) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(pem).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    TlsConnector::from(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
}

/// GET over TLS; the body.
async fn fetch(connector: &TlsConnector, port: u16, path: &str) -> std::io::Result<String> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let mut stream = connector.connect(ServerName::try_from("localhost").unwrap(), stream).await?;
    stream.write_all(format!("GET {path} HTTP/1.0\r\nhost: localhost\r\n\r\n").as_bytes()).await?;
    let mut text = String::new();
    let read = stream.read_to_string(&mut text).await;
    match (read, text.split_once("\r\n\r\n")) {
        (_, Some((_, body))) => Ok(body.to_owned()),
        (Err(e), None) => Err(e),
        (Ok(_), None) => Err(std::io::ErrorKind::UnexpectedEof.into()),
    }
}

/// Asks again until there is an answer.
async fn patiently(connector: &TlsConnector, port: u16, path: &str) -> String {
    let begin = Instant::now();
    loop {
        match fetch(connector, port, path).await {
            Ok(body) => return body,
            Err(e) => assert!(begin.elapsed() < Duration::from_secs(60), "no answer from {port}{path}: {e}"),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// The server with certificates by ACME, ended with its handle.
struct Server(Child);

impl Server {
    fn start(folder: &Path, port: u16, directory: &str) -> Server {
        let child = tashi(folder, port, "localhost", directory).stdout(Stdio::null()).spawn().unwrap();
        Server(child)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn tashi(folder: &Path, port: u16, domain: &str, directory: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tashi"));
    command.arg("serve").arg("--data").arg(folder.join("data"));
    command.args(["--listen", &format!("127.0.0.1:{port}"), "--tls-acme", domain]);
    command.args(["--acme-contact", "mailto:admin@example.com", "--acme-directory", directory]);
    command
        .arg("--acme-root")
        .arg(folder.join("pebble.pem"))
        .env("RUST_LOG", "error")
        .env_remove("TASHI_PUBLIC_URL");
    command
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_is_ordered_kept_and_served_again() {
    let folder = tempfile::tempdir().unwrap();
    let ports = free_ports::<3>();
    let port = ports[0];
    let authority = pebble(folder.path(), ports);
    // The authority must be up before the first order: a refused one is tried again only after a while.
    let own = trusting(&fs::read(folder.path().join("pebble.pem")).unwrap());
    let root = patiently(&own, authority.management, "/roots/0").await;
    let client = trusting(root.as_bytes());

    let first = Server::start(folder.path(), port, &authority.directory);
    assert_eq!(patiently(&client, port, "/healthz").await, "ok", "the certificate is the authority's");
    drop(first);

    // Without the authority: what is kept serves.
    let directory = authority.directory.clone();
    drop(authority);
    let port = free_port();
    let again = Server::start(folder.path(), port, &directory);
    assert_eq!(patiently(&client, port, "/healthz").await, "ok");
    drop(again);
    let kept = fs::metadata(folder.path().join("data/acme")).unwrap();
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&kept.permissions()) & 0o777, 0o700);
}

#[test]
fn what_cannot_be_ordered_ends_the_start_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |domain: &str, directory: &str| {
        let run = tashi(folder.path(), free_port(), domain, directory).output().unwrap();
        assert!(!run.status.success());
        String::from_utf8(run.stderr).unwrap()
    };
    let text = refused("*.example.com", "https://localhost:1/dir");
    assert!(text.contains("wildcard"), "{text}");
    let text = refused("tashi.example.com", "https://localhost:1/dir");
    assert!(text.contains("reading") && text.contains("pebble.pem"), "{text}");
}
