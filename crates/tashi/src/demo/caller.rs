//! Calling the server's own API from inside: the same router, middleware and rules as over the wire, without a
//! socket.

use anyhow::{Context, Result, bail};
use api::axum::{
    Router,
    body::Body,
    http::{Request, header},
};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

/// Somebody signed in.
#[derive(Clone)]
pub struct Caller {
    router: Router,
    token: String,
}

impl Caller {
    /// Signs in with login and password, as everybody does.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn sign_in(router: &Router, login: &str, password: &str) -> Result<Caller> {
        let nobody = Caller { router: router.clone(), token: String::new() };
        let body = serde_json::json!({ "login": login, "password": password, "device_name": "模拟手机" });
        let answer = nobody.call("POST", "/api/v1/auth/login", Some(body)).await?;
        let token = answer["token"].as_str().context("no token")?.to_owned();
        Ok(Caller { router: router.clone(), token })
    }

    /// What proves who he is.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// One call; the JSON of a 2xx answer.
    ///
    /// # Errors
    /// When the answer is not 2xx.
    pub async fn call(&self, method: &str, path: &str, body: Option<Value>) -> Result<Value> {
        let bytes = body.map(|b| b.to_string().into_bytes()).unwrap_or_default();
        self.send(method, path, "application/json", &[], bytes).await
    }

    pub async fn get(&self, path: &str) -> Result<Value> {
        self.call("GET", path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Result<Value> {
        self.call("POST", path, Some(body)).await
    }

    /// A change of what stands at a version.
    ///
    /// # Errors
    /// When the answer is not 2xx.
    pub async fn change(&self, method: &str, path: &str, version: &Value, body: Value) -> Result<Value> {
        let seen = [("if-match", format!("\"{version}\""))];
        self.send(method, path, "application/json", &seen, body.to_string().into_bytes()).await
    }

    /// A call with a body of any kind and further headers.
    ///
    /// # Errors
    /// When the answer is not 2xx.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        kind: &str,
        headers: &[(&str, String)],
        bytes: Vec<u8>,
    ) -> Result<Value> {
        let mut request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, kind);
        if !self.token.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        }
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let response = match self.router.clone().oneshot(request.body(Body::from(bytes))?).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        if !status.is_success() {
            bail!("{method} {path}: {status} {}", String::from_utf8_lossy(&body));
        }
        Ok(serde_json::from_slice(&body).unwrap_or(Value::Null))
    }
}
