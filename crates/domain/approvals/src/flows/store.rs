//! Use cases on flows: made, changed, published, put to use; and which version a case takes.

use base::{Micros, Problem, id, problem, problem::FieldError};
use db::{Query, Reader, Result, Tx};
use flow::{Fields, Plan};
use org::Ref;
use serde_json::json;
use uuid::Uuid;

use super::{
    model::{Doc, FlowFault, FlowLine, FlowPage, FlowVersion, FlowVersionLine, SubjectRef, fields_of},
    sql,
};
use crate::{FAULT, FAULTS, Inner, NO_SUBJECT, NOT_USABLE, SubjectField, SubjectLine, staff::Staff};

/// The version what is handed in now runs through; `None` when nothing has to be approved.
pub(crate) async fn in_force(
    q: &mut impl Query,
    kind: &str,
    subject: Uuid,
    now: Micros,
) -> Result<Option<(Uuid, i64)>> {
    Ok(sql::in_force(q, kind, subject, now).await?.map(|row| (row.flow_id, row.number)))
}

/// The version of the flow that is taken where none is in use: one step, the head of the requester's department.
pub(crate) async fn by_the_head(tx: &mut Tx, kind: &str, subject: Uuid, name: &str) -> Result<(Uuid, i64)> {
    let id = id::derived(tx.scope().tenant(), &format!("flow/head/{kind}"));
    let step = json!({ "id": "head", "kind": "approve", "who": { "by": "heads", "level": 1 }, "how": "any", "empty": "admin" });
    let doc = Doc::stored(&json!({ "v": 1, "nodes": [step] }).to_string())?;
    let (text, sha256) = (doc.text()?, doc.sha256()?);
    let draft = sql::Draft { name, kind: Some(kind), subject: Some(subject), text: &text, sha256: &sha256 };
    if sql::insert(tx, id, &draft).await? {
        tx.audit("flow.create", "flow", id, json!({ "name": name })).await?;
    }
    let now = tx.now();
    let begun = sql::versions(tx, id).await?.into_iter().find(|v| v.from_at <= now);
    if let Some(newest) = begun {
        return Ok((id, newest.number));
    }
    let version = sql::one(tx, id).await?.version;
    if !sql::set_published(tx, id, version, 1, &sha256).await? {
        return Err(Problem::new(problem::VERSION));
    }
    let fields = serde_json::to_string(&fields_of(&[])).map_err(Problem::internal)?;
    let new = sql::NewVersion { number: 1, doc: &text, fields: &fields, note: None, from_at: now };
    sql::insert_version(tx, id, &new).await?;
    Ok((id, 1))
}

/// The version a case keeps.
pub(crate) async fn of_case(q: &mut impl Query, flow: Uuid, number: i64) -> Result<Plan> {
    let row = sql::doc(q, flow, number).await?;
    let fields: Fields = serde_json::from_str(&row.fields).map_err(Problem::internal)?;
    Plan::new(&Doc::stored(&row.doc)?.0, &fields, None)
        .map_err(|faults| Problem::internal(format!("a published flow has {} faults", faults.len())))
}

impl Inner {
    /// Definitions of every kind.
    pub(crate) async fn all_subjects(&self, r: &mut Reader) -> Result<Vec<SubjectLine>> {
        let mut all = vec![];
        for subjects in &self.subjects {
            all.extend(subjects.all(r).await?);
        }
        Ok(all)
    }

    /// Fields of a definition; none for nothing.
    ///
    /// # Errors
    /// `flow.no_subject`.
    pub(crate) async fn fields(
        &self,
        r: &mut Reader,
        subject: Option<&SubjectRef>,
    ) -> Result<Vec<SubjectField>> {
        let Some(subject) = subject else { return Ok(vec![]) };
        let known = self.subjects.iter().find(|s| s.kind() == subject.kind);
        let fields = match known {
            Some(subjects) => subjects.fields(r, subject.id).await?,
            None => None,
        };
        fields.ok_or_else(|| Problem::new(NO_SUBJECT).field("subject", problem::BAD_VALUE))
    }
}

fn subject_of(row: &sql::FlowRow) -> Option<SubjectRef> {
    row.subject_kind.clone().zip(row.subject_id).map(|(kind, id)| SubjectRef { kind, id })
}

pub fn line(row: &sql::FlowRow, subjects: &[SubjectLine]) -> FlowLine {
    let subject = subject_of(row);
    let title = subject.as_ref().and_then(|s| subjects.iter().find(|l| l.kind == s.kind && l.id == s.id));
    FlowLine {
        id: row.id,
        name: row.name.clone(),
        subject_title: title.map(|l| l.title.clone()).unwrap_or_default(),
        subject,
        bound: row.bound,
        published: row.published,
        changed: row.published_sha256.as_ref() != Some(&row.draft_sha256),
        retired: row.retired,
        running: row.running,
        changed_at: row.changed_at,
        version: row.version,
    }
}

pub async fn page(inner: &Inner, r: &mut Reader, id: Uuid) -> Result<FlowPage> {
    let row = sql::one(r, id).await?;
    let subjects = inner.all_subjects(r).await?;
    // A definition that is gone leaves the flow without fields: its formulas say so.
    let fields = inner.fields(r, subject_of(&row).as_ref()).await.unwrap_or_default();
    let staff = Staff::read(r, inner.kit.now()).await?;
    let doc = Doc::stored(&row.draft)?;
    let versions = sql::versions(r, id).await?.into_iter().map(version_line).collect();
    Ok(FlowPage {
        faults: doc.faults(&fields_of(&fields), &staff),
        draft: doc.value()?,
        line: line(&row, &subjects),
        fields,
        versions,
    })
}

fn version_line(v: sql::VersionRow) -> FlowVersionLine {
    FlowVersionLine {
        number: v.number,
        note: v.note,
        from_at: v.from_at,
        published_by: Ref { id: v.published_by, name: v.by_name },
        published_at: v.published_at,
    }
}

pub async fn version(q: &mut impl Query, id: Uuid, number: i64) -> Result<FlowVersion> {
    let doc = doc_of(q, id, number).await?;
    let all = sql::versions(q, id).await?;
    let row = all.into_iter().find(|v| v.number == number).ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    Ok(FlowVersion { line: version_line(row), doc: doc.value()? })
}

/// The document of a version.
pub async fn doc_of(q: &mut impl Query, id: Uuid, number: i64) -> Result<Doc> {
    Doc::stored(&sql::doc(q, id, number).await?.doc)
}

/// The draft of a flow.
pub async fn draft_of(q: &mut impl Query, id: Uuid) -> Result<Doc> {
    Doc::stored(&sql::one(q, id).await?.draft)
}

/// What is wanted of a flow.
pub struct Wanted {
    pub name: String,
    pub subject: Option<SubjectRef>,
    pub doc: Doc,
}

/// Makes a flow. The same id with the same content answers as before.
pub async fn create(tx: &mut Tx, given: Option<Uuid>, w: &Wanted) -> Result<Uuid> {
    let id = given.unwrap_or_else(id::new_v7);
    let (text, sha256) = (w.doc.text()?, w.doc.sha256()?);
    let (kind, subject) = (w.subject.as_ref().map(|s| s.kind.as_str()), w.subject.as_ref().map(|s| s.id));
    let draft = sql::Draft { name: &w.name, kind, subject, text: &text, sha256: &sha256 };
    if !sql::insert(tx, id, &draft).await? {
        let known = sql::one(tx, id).await?;
        let same = known.name == w.name && known.draft_sha256 == sha256;
        return if same { Ok(id) } else { Err(Problem::new(problem::CONFLICT)) };
    }
    tx.audit("flow.create", "flow", id, json!({ "name": w.name, "subject": w.subject })).await?;
    Ok(id)
}

/// What to change of a flow.
pub struct Change {
    pub name: Option<String>,
    pub subject: Option<SubjectRef>,
    pub doc: Option<Doc>,
    pub retired: Option<bool>,
}

/// Changes the draft, or retires the flow: then nothing new runs through it.
pub async fn change(tx: &mut Tx, id: Uuid, version: i64, c: Change) -> Result<()> {
    let before = sql::one(tx, id).await?;
    let doc = match c.doc {
        Some(doc) => doc,
        None => Doc::stored(&before.draft)?,
    };
    let (text, sha256) = (doc.text()?, doc.sha256()?);
    let name = c.name.unwrap_or_else(|| before.name.clone());
    let other = c
        .subject
        .as_ref()
        .is_some_and(|s| before.subject_kind.as_ref() != Some(&s.kind) || before.subject_id != Some(s.id));
    let subject = c.subject.or_else(|| subject_of(&before));
    let retired = c.retired.unwrap_or(before.retired);
    let (kind, definition) = (subject.as_ref().map(|s| s.kind.as_str()), subject.as_ref().map(|s| s.id));
    let draft = sql::Draft { name: &name, kind, subject: definition, text: &text, sha256: &sha256 };
    if !sql::update(tx, id, version, &draft, retired).await? {
        return Err(Problem::new(problem::VERSION));
    }
    // What it was for goes on without it; the new use has other fields and is put to use by itself.
    if retired || other {
        sql::unbind(tx, id).await?;
    }
    let changes = json!({
        "name": [before.name, name], "draft": before.draft_sha256 != sha256, "subject": subject, "retired": [before.retired, retired],
    });
    tx.audit("flow.change", "flow", id, changes).await
}

/// Publishes the draft as the next version for what is handed in from `from_at` on.
///
/// # Errors
/// `flow.faults` with every fault, `version.conflict`.
pub async fn publish(
    tx: &mut Tx,
    id: Uuid,
    version: i64,
    fields: &[SubjectField],
    note: Option<&str>,
    from_at: Option<Micros>,
) -> Result<()> {
    let before = sql::one(tx, id).await?;
    if before.version != version {
        return Err(Problem::new(problem::VERSION));
    }
    let doc = Doc::stored(&before.draft)?;
    let now = tx.now();
    let staff = Staff::read(tx, now).await?;
    let known = fields_of(fields);
    let faults = doc.faults(&known, &staff);
    if !faults.is_empty() {
        return Err(refused(&faults));
    }
    let sha256 = doc.sha256()?;
    if before.published_sha256.as_ref() == Some(&sha256) && from_at.is_none() {
        return Ok(());
    }
    let number = before.published.unwrap_or(0) + 1;
    if !sql::set_published(tx, id, version, number, &sha256).await? {
        return Err(Problem::new(problem::VERSION));
    }
    let fields = serde_json::to_string(&known).map_err(Problem::internal)?;
    let from_at = from_at.filter(|at| *at > now).unwrap_or(now);
    let new = sql::NewVersion { number, doc: &before.draft, fields: &fields, note, from_at };
    sql::insert_version(tx, id, &new).await?;
    let told = json!({ "name": before.name, "number": number, "sha256": sha256, "from_at": from_at });
    tx.audit("flow.publish", "flow", id, told).await
}

/// Puts a published flow to use for what it is for, or takes it out of use. `fields`: of what it is for now.
///
/// # Errors
/// `flow.not_usable`; `flow.faults` when it was published for something with other fields.
pub async fn bind(tx: &mut Tx, id: Uuid, on: bool, fields: &[SubjectField]) -> Result<()> {
    let row = sql::one(tx, id).await?;
    if row.bound == on {
        return Ok(());
    }
    match (on, subject_of(&row)) {
        (false, _) => drop(sql::unbind(tx, id).await?),
        (true, Some(subject)) if row.published.is_some() && !row.retired => {
            check_published(tx, id, fields).await?;
            sql::bind(tx, &subject.kind, subject.id, id).await?;
        }
        (true, _) => return Err(Problem::new(NOT_USABLE)),
    }
    tx.audit("flow.bind", "flow", id, json!({ "name": row.name, "subject": subject_of(&row), "on": on }))
        .await
}

/// Checks the version in force and those to come: they were published for what the flow was for then.
async fn check_published(tx: &mut Tx, id: Uuid, fields: &[SubjectField]) -> Result<()> {
    let now = tx.now();
    let staff = Staff::read(tx, now).await?;
    let known = fields_of(fields);
    for v in sql::versions(tx, id).await? {
        let faults = doc_of(tx, id, v.number).await?.faults(&known, &staff);
        if !faults.is_empty() {
            return Err(refused(&faults));
        }
        if v.from_at <= now {
            break;
        }
    }
    Ok(())
}

/// `flow.faults` with a line for each.
pub fn refused(faults: &[FlowFault]) -> Problem {
    let mut problem = Problem::new(FAULTS).with("count", faults.len());
    let field = |f: &FlowFault| match f.node.as_str() {
        "" => f.part.clone(),
        node => format!("{node}.{}", f.part),
    };
    problem.fields = faults
        .iter()
        .take(100)
        .map(|f| FieldError {
            field: field(f),
            code: FAULT,
            params: vec![("at", f.at.to_string()), ("fault", f.code.clone()), ("word", f.word.clone())],
        })
        .collect();
    problem
}

/// Name and document of the version a case keeps, for showing.
pub(crate) async fn told(q: &mut impl Query, flow: Uuid, number: i64) -> Result<(String, serde_json::Value)> {
    let name = sql::name(q, flow).await?;
    Ok((name, doc_of(q, flow, number).await?.value()?))
}
