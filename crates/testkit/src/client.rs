//! A client of the HTTP API, as short to write as a sentence.

use std::time::Duration;

use reqwest::{Method, RequestBuilder, header::HeaderMap};
use serde_json::Value;

/// Somebody calling the API, signed in or not.
#[derive(Clone)]
pub struct Client {
    pub base: String,
    pub token: Option<String>,
    pub http: reqwest::Client,
    lang: &'static str,
}

/// An answer.
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
    /// The body, when it is JSON; else null.
    pub json: Value,
}

impl Reply {
    /// The problem code of a failure.
    pub fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or("")
    }
}

impl Client {
    pub fn new(base: &str, token: Option<&str>) -> Client {
        // Servers of tests speak plain HTTP; reading the machine's certificates would be a sixth of a test's time.
        let plain = reqwest::Client::builder().tls_certs_only([]);
        let http = plain.redirect(reqwest::redirect::Policy::none()).build().expect("client");
        Client { base: base.to_owned(), token: token.map(str::to_owned), http, lang: "zh" }
    }

    pub fn in_english(mut self) -> Client {
        self.lang = "en";
        self
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request =
            self.http.request(method, format!("{}{path}", self.base)).header("accept-language", self.lang);
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub async fn send(&self, request: RequestBuilder) -> Reply {
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.expect("a body").to_vec();
        let json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Reply { status, headers, bytes, json }
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(self.request(Method::GET, path)).await
    }

    /// Opens the live stream.
    pub async fn stream(&self) -> Heard {
        self.stream_after(None).await
    }

    /// Opens the live stream again, after the event of this id.
    pub async fn stream_after(&self, last: Option<&str>) -> Heard {
        let mut request = self.request(Method::GET, "/api/v1/stream");
        if let Some(id) = last {
            request = request.header("last-event-id", id);
        }
        let response = request.send().await.expect("a stream");
        assert_eq!(response.status(), 200);
        let mut heard = Heard { response, text: String::new(), taken: 0 };
        heard.until(Duration::from_secs(10), |event| event.kind == "hello").await.expect("hello");
        heard
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.send(self.request(Method::DELETE, path)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.send(self.request(Method::POST, path).json(&body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Reply {
        self.send(self.request(Method::PUT, path).json(&body)).await
    }

    /// Changes an object of which `version` was seen.
    pub async fn patch(&self, path: &str, version: i64, body: Value) -> Reply {
        self.send(self.request(Method::PATCH, path).header("if-match", format!("\"{version}\"")).json(&body))
            .await
    }

    pub async fn post_bytes(&self, path: &str, bytes: Vec<u8>) -> Reply {
        self.send(
            self.request(Method::POST, path).header("content-type", "application/octet-stream").body(bytes),
        )
        .await
    }
}

/// An open live stream.
pub struct Heard {
    response: reqwest::Response,
    text: String,
    taken: usize,
}

/// One event of a live stream.
#[derive(Debug, Clone)]
pub struct Event {
    pub kind: String,
    pub id: Option<String>,
    pub data: Value,
}

impl Heard {
    /// Reads on until an event is as wanted; `None` when there is none within `time`.
    pub async fn until(&mut self, time: Duration, wanted: impl Fn(&Event) -> bool) -> Option<Event> {
        let deadline = tokio::time::Instant::now() + time;
        loop {
            while let Some(event) = self.take() {
                if wanted(&event) {
                    return Some(event);
                }
            }
            let chunk = tokio::time::timeout_at(deadline, self.response.chunk()).await;
            let chunk = chunk.ok()?.ok().flatten()?;
            self.text.push_str(&String::from_utf8_lossy(&chunk));
        }
    }

    /// All that is heard within a time.
    pub async fn during(&mut self, time: Duration) -> Vec<Event> {
        let all = std::cell::RefCell::new(vec![]);
        let none = self.until(time, |event| {
            all.borrow_mut().push(event.clone());
            false
        });
        none.await;
        all.into_inner()
    }

    fn take(&mut self) -> Option<Event> {
        let rest = &self.text[self.taken..];
        let end = rest.find("\n\n")?;
        let (mut kind, mut id, mut data) = (String::new(), None, String::new());
        for line in rest[..end].lines() {
            match line.split_once(": ").or_else(|| line.split_once(':')) {
                Some(("event", value)) => kind = value.to_owned(),
                Some(("id", value)) => id = Some(value.to_owned()),
                Some(("data", value)) => data.push_str(value),
                _ => {}
            }
        }
        self.taken += end + 2;
        Some(Event { kind, id, data: serde_json::from_str(&data).unwrap_or(Value::Null) })
    }
}
