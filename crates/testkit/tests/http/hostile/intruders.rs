//! Requests with nothing wrong about them but who sends them: another company's administrator, the manager of a
//! sibling department, and another rep of the same department, at things that are there. A new operation is covered without a line here, a new noun by its
//! object in [`super::objects`].

use testkit::Client;

use super::{
    attack::{Operation, operations},
    example::Examples,
    objects, send, version_of,
};
use crate::scene::Scene;

/// What belongs to one person or his department. Other nouns are the whole company's: forms, calendars, articles.
const OF_A_DEPARTMENT: &[&str] = &[
    "contacts",
    "customers",
    "device-keys",
    "employees",
    "fences",
    "patrols",
    "photos",
    "plans",
    "problems",
    "reports",
    "tasks",
    "trackers",
    "tracks",
    "uploads",
    "views",
    "visits",
];

/// Whose path names nothing of anybody else: one's own days, one's own company's fields, and who is to decide about a record
/// that is still to come.
const ONES_OWN: &[&str] = &["approval-choices", "custom-fields", "me"];

fn noun(operation: &Operation) -> &str {
    operation.path.trim_start_matches("/api/v1/").split('/').next().unwrap_or_default()
}

/// What an outsider was let do.
async fn let_in(
    who: &str,
    client: &Client,
    operation: &Operation,
    examples: &Examples<'_>,
    version: i64,
) -> Vec<String> {
    let mut open = vec![];
    for mut attack in operation.good_ones(examples) {
        attack.headers.push(("if-match", format!("\"{version}\"").into_bytes()));
        match send(client, &attack).await {
            Ok(reply) if (400..500).contains(&reply.status) => {}
            Ok(reply) => {
                open.push(format!("{who}: {} {} {}", operation.method, operation.path, reply.status))
            }
            Err(reason) => open.push(format!("{who}: {} {} {reason}", operation.method, operation.path)),
        }
    }
    open
}

testkit::both!(who_stands_outside_reaches_nothing_that_is_there, |app| async move {
    let s = Scene::begin(&app).await;
    let examples = Examples::of(&app.document, &s).await;
    let objects = objects(&app, &s, &examples).await;
    let (_, peer) = app.person(&s.company, "李强", "liqiang", "rep", s.region).await;
    let all = operations(&app, &objects, &s);
    let (mut open, mut attacked) = (vec![], 0);
    for operation in all.iter().filter(|o| o.path.contains('{') && !ONES_OWN.contains(&noun(o))) {
        let version = if operation.versioned { version_of(&s.company.admin, operation).await } else { 1 };
        open.extend(let_in("another company", &s.stranger, operation, &examples, version).await);
        attacked += 1;
        if OF_A_DEPARTMENT.contains(&noun(operation)) {
            open.extend(let_in("a sibling manager", &s.sibling, operation, &examples, version).await);
            open.extend(let_in("another rep of the department", &peer, operation, &examples, version).await);
            attacked += 2;
        }
    }
    assert!(open.is_empty(), "{} of {attacked} were let in:\n{open:#?}", open.len());
    assert!(attacked > 200, "{attacked} attacks");
});
