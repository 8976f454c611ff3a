//! The OpenAPI document, with what the derivation cannot know, and the page of problem codes.

use std::collections::BTreeSet;

use api::utoipa::openapi::OpenApi;
use serde_json::{Map, Value};

/// Members that are left out of an answer when they have nothing to say.
const SOMETIMES: &[&str] = &["next_cursor", "total", "errors", "code", "title", "detail"];

/// Completes the document: what it is about, and that an answer always carries every member, if only as null.
pub fn complete(document: &OpenApi) -> serde_json::Result<Value> {
    let mut document = serde_json::to_value(document)?;
    document["info"] = serde_json::json!({
        "title": "Tashi 踏实外勤",
        "version": "1",
        "description": "Everything the console and the phone app do. Sign in at /auth/login and send the token as bearer. \
            x-permission names what an operation demands. Errors are problem documents (RFC 9457).",
    });
    document["components"]["securitySchemes"] = serde_json::json!({
        "bearer": { "type": "http", "scheme": "bearer", "description": "The token of /auth/login." },
        "cookie": { "type": "apiKey", "in": "cookie", "name": api::SESSION_COOKIE, "description": "For browsers, set by /auth/login when asked to." },
    });
    for (path, item) in document["paths"].as_object_mut().into_iter().flatten() {
        for (verb, operation) in item.as_object_mut().into_iter().flatten() {
            operation["operationId"] = operation_id(verb, path).into();
            let public = operation["x-permission"] == "public";
            operation["security"] = if public {
                serde_json::json!([])
            } else {
                serde_json::json!([{ "bearer": [] }, { "cookie": [] }])
            };
        }
    }
    let mut inputs = BTreeSet::new();
    for item in members(&document["paths"]) {
        for operation in members(item) {
            collect(&operation["requestBody"], &document, &mut inputs);
        }
    }
    if let Some(schemas) = document["components"]["schemas"].as_object_mut() {
        for (name, schema) in schemas.iter_mut().filter(|(name, _)| !inputs.contains(*name)) {
            require_all(
                schema,
                name == "SyncReceipt" || name == "ProblemDocument" || name.starts_with("Page"),
            );
        }
    }
    Ok(document)
}

/// A name no other operation has: `get_customers_id` for `GET /api/v1/customers/{id}`.
fn operation_id(verb: &str, path: &str) -> String {
    let words =
        path.trim_start_matches("/api/v1/").split(['/', '{', '}', '-', '.']).filter(|w| !w.is_empty());
    std::iter::once(verb).chain(words).collect::<Vec<_>>().join("_")
}

/// Every problem code of the program as `docs/errors.md`.
pub fn errors() -> String {
    let mut page = String::from(
        "# Problem codes\n\n\
         Answers other than 2xx are `application/problem+json` (RFC 9457). `code` is stable and the same in every language; `title` and \
         `detail`\ncome in the language of `Accept-Language` (zh or en). `errors` names the fields of a refused input. `server.busy` and \
         other answers with\n`Retry-After` may be sent again as they are.\n\n\
         | code | status | title | 标题 | what to do | 怎么办 |\n|---|---|---|---|---|---|\n",
    );
    for c in base::problem::all_codes() {
        page += &format!(
            "| `{}` | {} | {} | {} | {} | {} |\n",
            c.code, c.status, c.en_title, c.zh_title, c.en_detail, c.zh_detail
        );
    }
    page
}

fn members(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_object().into_iter().flat_map(Map::values)
}

/// Names of all schemas reachable from a part of the document.
fn collect(part: &Value, document: &Value, found: &mut BTreeSet<String>) {
    match part {
        Value::Object(map) => {
            if let Some(name) =
                map.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix("#/components/schemas/"))
                && found.insert(name.to_owned())
            {
                collect(&document["components"]["schemas"][name], document, found);
            }
            map.values().for_each(|v| collect(v, document, found));
        }
        Value::Array(list) => list.iter().for_each(|v| collect(v, document, found)),
        _ => {}
    }
}

fn require_all(schema: &mut Value, sparse: bool) {
    if let Some(parts) = schema.get_mut("allOf").and_then(Value::as_array_mut) {
        parts.iter_mut().for_each(|p| require_all(p, sparse));
    }
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return };
    let names: Vec<&String> =
        properties.keys().filter(|k| !(sparse && SOMETIMES.contains(&k.as_str()))).collect();
    let mut required: Vec<Value> = names.into_iter().map(|n| Value::from(n.as_str())).collect();
    if sparse {
        // Keep what the derivation knows to be there always.
        for name in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
            if !required.contains(name) {
                required.push(name.clone());
            }
        }
    }
    schema["required"] = Value::Array(required);
}
