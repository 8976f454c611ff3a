//! Records of objects as something to be approved.

use approvals::{SubjectField, SubjectLine, Subjects};
use base::Problem;
use db::{BoxFuture, Query, Reader, Result, Tx};
use forms::Surroundings;
use serde_json::{Map, json};
use uuid::Uuid;

use crate::{
    IN_APPROVAL,
    definition::{Used, parsed},
    records::sql as record_sql,
    sql,
};

/// The kind of cases records of objects are.
pub(crate) const KIND: &str = "object";

/// Tells flows which objects there are.
pub struct ObjectSubjects;

impl Subjects for ObjectSubjects {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn all<'a>(&'a self, r: &'a mut Reader) -> BoxFuture<'a, Result<Vec<SubjectLine>>> {
        Box::pin(async move {
            let used = sql::all(r).await?.into_iter().filter(|o| o.published.is_some() && !o.retired);
            used.map(|o| Ok(SubjectLine { kind: KIND.into(), id: o.id, title: parsed(&o.name)? })).collect()
        })
    }

    fn fields<'a>(&'a self, r: &'a mut Reader, id: Uuid) -> BoxFuture<'a, Result<Option<Vec<SubjectField>>>> {
        Box::pin(formbook::subject_fields(r, id))
    }
}

/// Hands a record in, as it stands in the store: by its number and title.
pub(crate) async fn hand_in(tx: &mut Tx, used: &Used, record: Uuid, around: &Surroundings) -> Result<()> {
    let Some(row) = record_sql::any(tx, record).await? else { return Ok(()) };
    let name: approvals::Text = parsed(&used.row.name)?;
    let called = if row.title == row.code { row.code } else { format!("{} {}", row.code, row.title) };
    let filled = formbook::FilledIn {
        kind: KIND,
        form: used.row.id,
        number: row.number,
        record,
        title: name.into_iter().map(|(lang, name)| (lang, format!("{name} · {called}"))).collect(),
        requester: row.created_by,
        answers: &row.answers,
        beside: Map::from_iter([("object".to_owned(), json!(used.row.key))]),
    };
    formbook::hand_in(tx, filled, around).await
}

/// May the acting person correct this record because it was sent back to him?
pub(crate) async fn was_sent_back(q: &mut impl Query, record: Uuid) -> Result<bool> {
    approvals::may_hand_in_again(q, KIND, record).await
}

/// Ends what was sent back and waits to be corrected: there is nothing to correct any more.
pub(crate) async fn close(tx: &mut Tx, record: Uuid) -> Result<()> {
    approvals::close(tx, KIND, record).await
}

/// # Errors
/// `object.in_approval` while somebody is asked about the record.
pub(crate) async fn check_settled(q: &mut impl Query, record: Uuid) -> Result<()> {
    match approvals::standing(q, KIND, record).await? {
        Some(s) if s.status == "running" => Err(Problem::new(IN_APPROVAL)),
        _ => Ok(()),
    }
}
