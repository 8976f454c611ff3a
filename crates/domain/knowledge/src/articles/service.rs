//! Use cases on articles: written, changed, published, retired.

use std::collections::BTreeSet;

use api::Checks;
use base::{LocalDay, Problem, id, problem};
use db::{Query, Reach, Result, Tx};
use org::Ref;
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::sql::{self, ArticleRow, Draft, Written};
use crate::{
    AUDIENCE, FILE_UNKNOWN, categories, files, markdown,
    model::{ArticleAudience, ArticleLine, ArticlePage, ArticleVersion, ArticleVersionLine, ReadingDuty},
    readers, terms,
};

/// Longest text of an article in characters.
const MOST_TEXT: usize = 60_000;
const MOST_TAGS: usize = 30;

/// An article to be made.
pub struct NewArticle {
    pub id: Option<Uuid>,
    pub title: String,
    pub category: Option<Uuid>,
    pub tags: Vec<String>,
    pub body: String,
    pub audience: Option<ArticleAudience>,
}

/// What changes of an article; what is absent stays.
#[derive(Default)]
pub struct Change {
    pub title: Option<String>,
    pub category: Option<Option<Uuid>>,
    pub tags: Option<Vec<String>>,
    pub body: Option<String>,
    pub audience: Option<ArticleAudience>,
    pub must_read: Option<bool>,
    pub due_day: Option<Option<LocalDay>>,
    pub retired: Option<bool>,
}

/// # Errors
/// `input.invalid` for an empty or too long title, a text that is too long, tags that are empty, too long or too many.
pub fn check(title: Option<&str>, tags: Option<&[String]>, body: Option<&str>) -> Result<()> {
    let mut checks = Checks::new();
    if let Some(title) = title {
        checks.text("title", title, 120);
    }
    let sound = |tags: &[String]| {
        let known: BTreeSet<&str> = tags.iter().map(|t| t.trim()).collect();
        tags.len() <= MOST_TAGS
            && known.len() == tags.len()
            && tags.iter().all(|t| !t.trim().is_empty() && t.chars().count() <= 40)
    };
    checks.at_most("body", body, MOST_TEXT).that("tags", tags.is_none_or(sound)).done()
}

/// # Errors
/// `input.invalid` for more than a hundred departments or roles, or one named twice.
pub fn check_audience(audience: Option<&ArticleAudience>) -> Result<()> {
    let once = |a: &ArticleAudience| {
        let departments: BTreeSet<&Uuid> = a.departments.iter().collect();
        let roles: BTreeSet<&String> = a.roles.iter().collect();
        departments.len() == a.departments.len() && roles.len() == a.roles.len()
    };
    let few = |a: &ArticleAudience| a.departments.len() <= 100 && a.roles.len() <= 100;
    Checks::new().that("audience", audience.is_none_or(|a| once(a) && few(a))).done()
}

pub(crate) fn tags_of(text: &str) -> Result<Vec<String>> {
    serde_json::from_str(text).map_err(Problem::internal)
}

fn trimmed(tags: &[String]) -> String {
    json!(tags.iter().map(|t| t.trim()).collect::<Vec<_>>()).to_string()
}

fn digest(title: &str, tags: &str, body: &str) -> String {
    hex::encode(Sha256::digest(json!([title, tags, body]).to_string()))
}

async fn line(q: &mut impl Query, row: &ArticleRow) -> Result<ArticleLine> {
    let duty = match row.required {
        Some(since) => {
            let (asked, read) = readers::counts(q, row.id).await?;
            Some(ReadingDuty { due_day: row.due_day, since, asked, read })
        }
        None => None,
    };
    Ok(ArticleLine {
        id: row.id,
        title: row.title.clone(),
        category_id: row.category_id,
        tags: tags_of(&row.tags)?,
        published: row.published,
        published_at: row.published_at,
        changed: row.published_sha256.as_ref() != Some(&row.draft_sha256),
        retired: row.retired,
        duty,
        department: Ref { id: row.department_id, name: row.department_name.clone() },
        changed_by: Ref { id: row.changed_by, name: row.by_name.clone() },
        changed_at: row.changed_at,
        version: row.version,
    })
}

/// Rows as they are shown.
pub async fn lines(q: &mut impl Query, rows: &[ArticleRow]) -> Result<Vec<ArticleLine>> {
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        all.push(line(q, row).await?);
    }
    Ok(all)
}

/// An article in reach with its draft, files and versions.
///
/// # Errors
/// `not_found`.
pub async fn page(q: &mut impl Query, id: Uuid) -> Result<ArticlePage> {
    let row = sql::one(q, id).await?;
    let versions = sql::versions(q, id).await?.into_iter().map(|v| ArticleVersionLine {
        number: v.number,
        note: v.note,
        published_by: Ref { id: v.published_by, name: v.by_name },
        published_at: v.published_at,
    });
    Ok(ArticlePage {
        versions: versions.collect(),
        line: line(q, &row).await?,
        body: sql::draft(q, id).await?.body,
        audience: sql::audience(q, id).await?,
        files: files::of_article(q, id).await?,
    })
}

pub async fn version(q: &mut impl Query, id: Uuid, number: i64) -> Result<ArticleVersion> {
    sql::one(q, id).await?;
    let v = sql::version(q, id, number).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    Ok(ArticleVersion {
        line: ArticleVersionLine {
            number: v.number,
            note: v.note,
            published_by: Ref { id: v.published_by, name: v.by_name },
            published_at: v.published_at,
        },
        title: v.title,
        tags: tags_of(&v.tags)?,
        body: v.body,
    })
}

fn refused() -> Problem {
    Problem::new(AUDIENCE).field("audience", AUDIENCE)
}

/// Somebody who leads departments writes for them, and says so; whoever sees the company, for whomever he likes.
async fn check_departments(q: &mut impl Query, audience: &ArticleAudience) -> Result<()> {
    if q.scope().reach() != Reach::Company && audience.departments.is_empty() {
        return Err(refused());
    }
    for department in &audience.departments {
        if !org::department_in_reach(q, *department).await? {
            return Err(refused());
        }
    }
    Ok(())
}

async fn check_reach(q: &mut impl Query, audience: &ArticleAudience) -> Result<()> {
    check_departments(q, audience).await?;
    let known = sql::roles(q).await?;
    if audience.roles.iter().any(|role| !known.contains(role)) {
        return Err(refused());
    }
    Ok(())
}

/// What is for others than the people somebody leads is not his to change, even when he wrote it first.
async fn check_held(q: &mut impl Query, id: Uuid) -> Result<ArticleAudience> {
    let audience = sql::audience(q, id).await?;
    if q.scope().reach() != Reach::Company {
        check_departments(q, &audience).await?;
    }
    Ok(audience)
}

/// Makes an article. The same id with the same draft answers as before.
///
/// # Errors
/// `knowledge.category`, `knowledge.audience`; `sync.conflict` for an id that is another article's.
pub async fn create(tx: &mut Tx, new: NewArticle) -> Result<ArticlePage> {
    let id = new.id.unwrap_or_else(id::new_v7);
    let me = tx.scope_actor();
    let mine = org::by_ids(tx, &[me]).await?.into_iter().next();
    let department = mine.ok_or_else(|| Problem::new(problem::NOT_FOUND))?.department_id;
    let audience = new.audience.unwrap_or_else(|| match tx.scope().reach() {
        Reach::Company => ArticleAudience::default(),
        _ => ArticleAudience { departments: vec![department], roles: vec![] },
    });
    categories::check(tx, new.category).await?;
    check_reach(tx, &audience).await?;
    let (title, tags) = (new.title.trim(), trimmed(&new.tags));
    let sha256 = digest(title, &tags, &new.body);
    let written = Written {
        title,
        category: new.category,
        tags: &tags,
        body: &new.body,
        sha256: &sha256,
        required: None,
        due_day: None,
        audience: &audience,
        retired: false,
    };
    if !sql::insert(tx, id, department, &written).await? {
        let same = matches!(sql::one(tx, id).await, Ok(known) if known.draft_sha256 == sha256);
        return if same { page(tx, id).await } else { Err(Problem::new(problem::CONFLICT)) };
    }
    check_files(tx, id, &new.body).await?;
    sql::set_audience(tx, id, &audience).await?;
    index(tx, id, None).await?;
    tx.audit("article.create", "article", id, json!({ "title": title })).await?;
    page(tx, id).await
}

/// Every file a text names belongs to its article.
async fn check_files(q: &mut impl Query, id: Uuid, body: &str) -> Result<()> {
    let known: BTreeSet<Uuid> = files::of_article(q, id).await?.into_iter().map(|f| f.id).collect();
    match markdown::files(body).into_iter().find(|named| !known.contains(named)) {
        Some(missing) => Err(Problem::new(FILE_UNKNOWN).with("id", missing).field("body", FILE_UNKNOWN)),
        None => Ok(()),
    }
}

/// Renews what an article is found by: what is published, else title and tags of the draft. A draft keeps itself while it is
/// typed; its text would be taken apart anew each time.
async fn index(tx: &mut Tx, id: Uuid, published: Option<i64>) -> Result<()> {
    let said = match published {
        Some(number) => sql::version(tx, id, number).await?.map(|v| (v.title, v.tags, v.body)),
        None => {
            let draft = sql::draft(tx, id).await?;
            Some((draft.title, draft.tags, String::new()))
        }
    };
    let Some((title, tags, body)) = said else { return Ok(()) };
    let terms = terms::of_article(&title, &tags_of(&tags)?, &markdown::plain(&body));
    sql::set_terms(tx, id, &terms).await
}

/// Changes the draft, for whom it is, who must read it, or retires it. All but the draft holds at once.
///
/// # Errors
/// `version.conflict`, `knowledge.category`, `knowledge.audience`, `knowledge.file_unknown`.
pub async fn change(tx: &mut Tx, id: Uuid, version: i64, c: Change) -> Result<ArticlePage> {
    let before = sql::one(tx, id).await?;
    let draft = sql::draft(tx, id).await?;
    let known = check_held(tx, id).await?;
    if let Some(category) = c.category {
        categories::check(tx, category).await?;
    }
    if let Some(body) = &c.body {
        check_files(tx, id, body).await?;
    }
    let audience = c.audience.filter(|new| *new != known);
    if let Some(audience) = &audience {
        check_reach(tx, audience).await?;
    }
    let title = c.title.map_or_else(|| draft.title.clone(), |t| t.trim().to_owned());
    let tags = c.tags.map_or_else(|| draft.tags.clone(), |t| trimmed(&t));
    let renamed = title != draft.title || tags != draft.tags;
    let body = c.body.unwrap_or(draft.body);
    let required = match c.must_read {
        Some(true) => before.required.or(Some(before.published.unwrap_or(1))),
        Some(false) => None,
        None => before.required,
    };
    let due_day = if required.is_some() { c.due_day.unwrap_or(before.due_day) } else { None };
    let retired = c.retired.unwrap_or(before.retired);
    let sha256 = digest(&title, &tags, &body);
    let written = Written {
        title: &title,
        category: c.category.unwrap_or(before.category_id),
        tags: &tags,
        body: &body,
        sha256: &sha256,
        required,
        due_day,
        audience: audience.as_ref().unwrap_or(&known),
        retired,
    };
    if !sql::update(tx, id, version, &written).await? {
        return Err(Problem::new(problem::VERSION));
    }
    if let Some(audience) = &audience {
        sql::set_audience(tx, id, audience).await?;
    }
    if before.published.is_none() && renamed {
        index(tx, id, None).await?;
    }
    let changes = json!({
        "title": title, "draft": sha256 != before.draft_sha256, "audience": audience, "must_read": required.is_some(),
        "due_day": due_day, "retired": [before.retired, retired],
    });
    tx.audit("article.change", "article", id, changes).await?;
    if required.is_some() && before.required.is_none() && before.published.is_some() && !retired {
        readers::tell(tx, id, readers::Telling::Asked).await?;
    }
    page(tx, id).await
}

/// Publishes the draft as the next version. A draft that says what the newest version says makes none.
///
/// # Errors
/// `version.conflict`, `knowledge.audience`, `knowledge.file_unknown`.
pub async fn publish(
    tx: &mut Tx,
    id: Uuid,
    version: i64,
    note: Option<&str>,
    read_again: bool,
) -> Result<ArticlePage> {
    let before = sql::one(tx, id).await?;
    if before.version != version {
        return Err(Problem::new(problem::VERSION));
    }
    if before.published_sha256.as_ref() == Some(&before.draft_sha256) {
        return page(tx, id).await;
    }
    check_held(tx, id).await?;
    let draft: Draft = sql::draft(tx, id).await?;
    check_files(tx, id, &draft.body).await?;
    let number = before.published.unwrap_or(0) + 1;
    let first = before.published.is_none();
    let required = before.required.map(|since| if read_again || first { number } else { since });
    sql::insert_version(tx, id, number, &draft, note).await?;
    if !sql::set_published(tx, id, version, number, &before.draft_sha256, required).await? {
        return Err(Problem::new(problem::VERSION));
    }
    index(tx, id, Some(number)).await?;
    let facts = json!({ "title": draft.title, "number": number, "sha256": before.draft_sha256, "read_again": read_again });
    tx.audit("article.publish", "article", id, facts).await?;
    if required == Some(number) && !before.retired {
        readers::tell(tx, id, readers::Telling::Asked).await?;
    }
    page(tx, id).await
}
