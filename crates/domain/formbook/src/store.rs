//! Use cases on forms: made, changed, published, and what the floors above ask of them.

use base::{Problem, id, problem, problem::FieldError};
use custom::walk;
use db::{Query, Result, Tx};
use org::Ref;
use serde_json::json;
use uuid::Uuid;

use crate::{
    FAULT, FAULTS, KEY_TAKEN, NOT_COLLECTABLE,
    model::{FormLine, FormPage, FormVersion, FormVersionLine, PinnedForm, Purpose, Spec, SpecFault},
    sql,
};

fn title_text(spec: &Spec) -> Result<String> {
    serde_json::to_string(&spec.0.title).map_err(Problem::internal)
}

pub fn line(row: sql::FormRow) -> Result<FormLine> {
    Ok(FormLine {
        changed: row.published_sha256.as_ref() != Some(&row.draft_sha256),
        title: serde_json::from_str(&row.title).map_err(Problem::internal)?,
        id: row.id,
        key: row.key,
        fields: row.fields,
        published: row.published,
        published_at: row.published_at,
        retired: row.retired,
        collect: row.collect,
        records: row.records,
        last_record_at: row.last_record_at,
        changed_at: row.changed_at,
        version: row.version,
    })
}

fn version_line(v: sql::VersionRow) -> FormVersionLine {
    FormVersionLine {
        number: v.number,
        note: v.note,
        published_by: Ref { id: v.published_by, name: v.by_name },
        published_at: v.published_at,
    }
}

/// A form with its draft, the draft's faults, and its versions.
///
/// # Errors
/// `not_found`.
pub async fn page(q: &mut impl Query, id: Uuid) -> Result<FormPage> {
    let row = sql::one(q, id).await?;
    let (purpose, key) = (Purpose::from_key(&row.purpose), row.key.clone());
    let line = line(row)?;
    let spec = Spec::stored(&sql::draft(q, id).await?)?;
    let versions = sql::versions(q, id).await?.into_iter().map(version_line).collect();
    Ok(FormPage { line, draft: spec.value()?, faults: spec.faults(purpose, &key), versions })
}

pub async fn version(q: &mut impl Query, id: Uuid, number: i64) -> Result<FormVersion> {
    let spec = spec_of(q, id, number).await?;
    let all = sql::versions(q, id).await?;
    let row = all.into_iter().find(|v| v.number == number).ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    Ok(FormVersion { line: version_line(row), spec: spec.value()? })
}

/// The spec of a published version.
///
/// # Errors
/// `not_found`.
pub async fn spec_of(q: &mut impl Query, form: Uuid, number: i64) -> Result<Spec> {
    let text = sql::spec(q, form, number).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    Spec::stored(&text)
}

/// Makes a form. The same id with the same key and draft answers as before.
///
/// # Errors
/// `form.key_taken`; `sync.conflict` for an id that is another form's.
pub async fn create(
    tx: &mut Tx,
    given: Option<Uuid>,
    purpose: Purpose,
    key: &str,
    spec: &Spec,
) -> Result<FormPage> {
    let id = given.unwrap_or_else(id::new_v7);
    let (title, text, sha256) = (title_text(spec)?, spec.text()?, spec.sha256()?);
    if let Some(other) = sql::with_key(tx, purpose.key(), key).await?.filter(|other| *other != id) {
        return Err(Problem::new(KEY_TAKEN).with("key", key).with("id", other).field("key", KEY_TAKEN));
    }
    let draft =
        sql::Draft { title: &title, fields: spec.0.fields.len() as i64, text: &text, sha256: &sha256 };
    if !sql::insert(tx, id, purpose.key(), key, &draft).await? {
        let known = sql::one(tx, id).await?;
        let same = known.key == key && known.purpose == purpose.key() && known.draft_sha256 == sha256;
        return if same { page(tx, id).await } else { Err(Problem::new(problem::CONFLICT)) };
    }
    tx.audit("form.create", "form", id, json!({ "key": key, "fields": spec.0.fields.len() })).await?;
    page(tx, id).await
}

/// Changes the draft, or retires the form and takes it back.
pub async fn change(
    tx: &mut Tx,
    id: Uuid,
    version: i64,
    spec: Option<Spec>,
    retired: Option<bool>,
    collect: Option<bool>,
) -> Result<FormPage> {
    let before = sql::one(tx, id).await?;
    let spec = match spec {
        Some(spec) => spec,
        None => Spec::stored(&sql::draft(tx, id).await?)?,
    };
    let (title, text, sha256) = (title_text(&spec)?, spec.text()?, spec.sha256()?);
    let draft =
        sql::Draft { title: &title, fields: spec.0.fields.len() as i64, text: &text, sha256: &sha256 };
    let retired = retired.unwrap_or(before.retired);
    let collect = collect.unwrap_or(before.collect);
    if collect && before.purpose != Purpose::Step.key() {
        return Err(Problem::new(NOT_COLLECTABLE).with("what", &before.key));
    }
    if collect
        && !before.collect
        && let Some(number) = before.published
    {
        check_collectable(&spec_of(tx, id, number).await?)?;
    }
    if !sql::update(tx, id, version, &draft, retired, collect).await? {
        return Err(Problem::new(problem::VERSION));
    }
    let changes = json!({
        "key": before.key, "draft": before.draft_sha256 != sha256, "fields": [before.fields, spec.0.fields.len()],
        "retired": [before.retired, retired], "collect": [before.collect, collect],
    });
    tx.audit("form.change", "form", id, changes).await?;
    page(tx, id).await
}

/// Publishes the draft as the next version. A draft that says what the newest version says makes none.
///
/// # Errors
/// `form.faults` with every fault, `version.conflict`.
pub async fn publish(tx: &mut Tx, id: Uuid, version: i64, note: Option<&str>) -> Result<FormPage> {
    let before = sql::one(tx, id).await?;
    if before.version != version {
        return Err(Problem::new(problem::VERSION));
    }
    let spec = Spec::stored(&sql::draft(tx, id).await?)?;
    let faults = spec.faults(Purpose::from_key(&before.purpose), &before.key);
    if !faults.is_empty() {
        return Err(refused(&faults));
    }
    if before.collect {
        check_collectable(&spec)?;
    }
    let sha256 = spec.sha256()?;
    if before.published_sha256.as_ref() != Some(&sha256) {
        let number = before.published.unwrap_or(0) + 1;
        if !sql::set_published(tx, id, version, number, &sha256).await? {
            return Err(Problem::new(problem::VERSION));
        }
        sql::insert_version(tx, id, number, &spec.text()?, note).await?;
        tx.audit(
            "form.publish",
            "form",
            id,
            json!({ "key": before.key, "number": number, "sha256": sha256 }),
        )
        .await?;
    }
    page(tx, id).await
}

fn refused(faults: &[SpecFault]) -> Problem {
    let mut problem = Problem::new(FAULTS).with("count", faults.len());
    problem.fields = faults
        .iter()
        .take(100)
        .map(|f| FieldError {
            field: if f.path.is_empty() { f.part.clone() } else { format!("{}.{}", f.path, f.part) },
            code: FAULT,
            params: vec![("at", f.at.to_string()), ("fault", f.code.clone()), ("word", f.word.clone())],
        })
        .collect();
    problem
}

/// A form for Collect says only what Collect can ask.
fn check_collectable(spec: &Spec) -> Result<()> {
    // Collect records whenever it likes: nobody would know whether those present were told.
    let sound = walk(&spec.0.fields).into_iter().find(|(_, f)| matches!(f.kind, forms::FieldKind::Audio));
    if let Some((path, _)) = sound {
        return Err(Problem::new(NOT_COLLECTABLE).with("what", path));
    }
    match ::xlsform::write(&spec.0, "form", "1").losses.iter().find(|l| l.refused || l.code == "reference") {
        Some(loss) => Err(Problem::new(NOT_COLLECTABLE).with("what", &loss.name)),
        None => Ok(()),
    }
}

/// May something new use this form: is it published and not retired?
pub async fn check_usable(q: &mut impl Query, form: Uuid) -> Result<bool> {
    Ok(sql::standing(q, form)
        .await?
        .is_some_and(|s| s.purpose == Purpose::Step.key() && s.published.is_some() && !s.retired))
}

/// Retires a form or takes it back, whatever its version: the floor above has checked its own.
///
/// # Errors
/// `not_found`.
pub async fn set_retired(tx: &mut Tx, id: Uuid, retired: bool) -> Result<()> {
    let version = sql::one(tx, id).await?.version;
    change(tx, id, version, None, Some(retired), None).await.map(drop)
}

/// The version that is pinned to what is planned now: the newest. A retired form has it too, where it is still used.
pub async fn newest(q: &mut impl Query, form: Uuid) -> Result<Option<i64>> {
    Ok(sql::standing(q, form).await?.and_then(|s| s.published))
}

/// The named versions as a phone carries them along. Unknown ones are left out.
pub async fn pinned(
    q: &mut impl Query,
    named: impl IntoIterator<Item = (Uuid, i64)>,
) -> Result<Vec<PinnedForm>> {
    let mut forms = vec![];
    for (id, version) in named {
        if let Some(text) = sql::spec(q, id, version).await? {
            forms.push(PinnedForm { id, version, spec: Spec::stored(&text)?.value()? });
        }
    }
    Ok(forms)
}
