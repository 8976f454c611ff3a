//! Who asks, and answers in the words of OpenRosa.

use api::{
    Failure, Kit, Peer,
    axum::{
        http::{HeaderMap, HeaderValue, StatusCode, header},
        response::{IntoResponse, Response},
    },
};
use base::{Problem, problem, problem::Lang};
use base64::{Engine, engine::general_purpose::STANDARD};
use db::{Permission, Result, Scope};

use crate::{MOST_BYTES, SIGN_IN};

/// The person behind a request, if he works in the field.
///
/// # Errors
/// `openrosa.sign_in`, those of signing in, `auth.forbidden`.
pub async fn who(kit: &Kit, headers: &HeaderMap, peer: Peer) -> Result<Scope> {
    let (login, password) = basic(headers).ok_or_else(|| Problem::new(SIGN_IN))?;
    let scope = org::auth::by_password(kit, login, password, peer).await?;
    if !scope.may(Permission::FieldWork) {
        return Err(Problem::new(problem::FORBIDDEN).with("permission", Permission::FieldWork.key()));
    }
    Ok(scope)
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") || token.len() > 600 {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(token.trim()).ok()?).ok()?;
    let (login, password) = text.split_once(':')?;
    if text.contains('\0') {
        return None;
    }
    Some((login.to_owned(), password.to_owned()))
}

/// The language Collect asks for.
pub fn lang(headers: &HeaderMap) -> Lang {
    let said = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or("");
    if said.trim_start().to_ascii_lowercase().starts_with("en") { Lang::En } else { Lang::Zh }
}

/// An answer with the headers OpenRosa asks for.
pub fn answer(status: StatusCode, xml: String) -> Response {
    let mut response = (status, xml).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/xml; charset=utf-8"));
    marked(headers);
    response
}

/// The headers of every answer.
pub fn marked(headers: &mut HeaderMap) {
    headers.insert("x-openrosa-version", HeaderValue::from_static("1.0"));
    headers.insert("x-openrosa-accept-content-length", HeaderValue::from(MOST_BYTES));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

/// A sentence for the person with the phone.
pub fn message(status: StatusCode, text: &str) -> Response {
    let xml = format!(
        "<OpenRosaResponse xmlns=\"http://openrosa.org/http/response\"><message>{}</message></OpenRosaResponse>",
        escaped(text)
    );
    answer(status, xml)
}

/// A problem: in the words of OpenRosa for a client that speaks them, else as everywhere.
pub fn refused(problem: Problem, headers: &HeaderMap) -> Response {
    let challenge = problem.code.status == 401;
    let mut response = if headers.contains_key("x-openrosa-version") {
        let lang = lang(headers);
        let mut text = format!("{}：{}", problem.title(lang), problem.detail(lang));
        for field in problem.fields.iter().take(20) {
            text.push_str(&format!("\n{}：{}", field.field, field.message(lang)));
        }
        let status = StatusCode::from_u16(problem.code.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        message(status, &text)
    } else {
        Failure::from(problem).into_response()
    };
    if challenge {
        let realm = HeaderValue::from_static("Basic realm=\"Tashi\", charset=\"UTF-8\"");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, realm);
    }
    response
}

/// Text as XML holds it.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() && c != '\n' => {}
            c => out.push(c),
        }
    }
    out
}
