//! A client of the HTTP API, as short to write as a sentence.

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
        let http =
            reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("client");
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
