//! Statements on articles, their versions, audience and terms.

use base::{LocalDay, Micros};
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

use crate::{model::ArticleAudience, terms::MOST};

/// What the acting person `me` may read of articles `a`: what is for him, and what is for people he leads.
macro_rules! may_read {
    () => {
        "a.retired = 0 AND a.published IS NOT NULL AND (me.role_reach = 'company' OR ( \
           (a.any_department = 1 OR EXISTS (SELECT 1 FROM article_department u WHERE u.tenant_id = $1 AND u.article_id = a.id AND ( \
              u.department_id IN (SELECT c.ancestor_id FROM department_closure c WHERE c.tenant_id = $1 AND c.descendant_id = me.department_id) \
              OR (me.role_reach = 'departments' AND u.department_id IN \
                (SELECT r.department_id FROM department_reach r WHERE r.tenant_id = $1 AND r.employee_id = me.id))))) \
           AND (a.any_role = 1 OR me.role_reach = 'departments' OR EXISTS (SELECT 1 FROM article_role o \
              WHERE o.tenant_id = $1 AND o.article_id = a.id AND o.role_key = me.role_key))))"
    };
}
pub(crate) use may_read;

/// Is `e` one of those an article `a` is for?
macro_rules! asked {
    ($e:literal) => {
        concat!(
            "(a.any_department = 1 OR EXISTS (SELECT 1 FROM article_department u JOIN department_closure c ON c.tenant_id = u.tenant_id \
               AND c.ancestor_id = u.department_id WHERE u.tenant_id = $1 AND u.article_id = a.id AND c.descendant_id = ", $e, ".department_id)) \
             AND (a.any_role = 1 OR EXISTS (SELECT 1 FROM article_role o WHERE o.tenant_id = $1 AND o.article_id = a.id AND o.role_key = ",
            $e, ".role_key))"
        )
    };
}
pub(crate) use asked;

db::row! { pub struct ArticleRow {
    id: Uuid, title: String, category_id: Option<Uuid>, tags: String, draft_sha256: String, published: Option<i64>, published_sha256: Option<String>,
    published_at: Option<Micros>, required: Option<i64>, due_day: Option<LocalDay>, any_department: bool, any_role: bool, retired: bool,
    department_id: Uuid, department_name: String, changed_by: Uuid, by_name: String, changed_at: Micros, version: i64
} }

macro_rules! articles {
    ($tail:literal) => {
        concat!(
            "SELECT a.id, a.title, a.category_id, a.tags, a.draft_sha256, a.published, a.published_sha256, v.published_at, a.required, a.due_day, \
             a.any_department, a.any_role, a.retired, a.department_id, d.name AS department_name, a.changed_by, e.name AS by_name, a.changed_at, a.version \
             FROM article a JOIN department d ON d.tenant_id = a.tenant_id AND d.id = a.department_id \
             JOIN employee e ON e.tenant_id = a.tenant_id AND e.id = a.changed_by \
             LEFT JOIN article_version v ON v.tenant_id = a.tenant_id AND v.article_id = a.id AND v.number = a.published \
             WHERE a.tenant_id = $1 AND {reach:a} ",
            $tail
        )
    };
}

/// One article in reach of who may change it.
///
/// # Errors
/// `not_found`.
pub async fn one(q: &mut impl Query, id: Uuid) -> Result<ArticleRow> {
    q.must(sql!(articles!("AND a.id = $3")), args![id]).await
}

/// Place of an article in the list.
pub type Key = (i64, Uuid);

/// How articles are narrowed down.
#[derive(Default)]
pub struct Filter {
    pub category: Option<Uuid>,
    /// draft, published or retired.
    pub state: Option<String>,
    /// Those somebody must read.
    pub duty: Option<bool>,
}

/// Articles in reach, the last changed first.
pub async fn list(q: &mut impl Query, f: &Filter, after: Option<Key>, limit: i64) -> Result<Vec<ArticleRow>> {
    let (at, id) = after.unzip();
    q.all(
        sql!(articles!(
            "AND ($3 IS NULL OR a.category_id = $3 OR a.category_id IN \
                 (SELECT k.id FROM article_category k WHERE k.tenant_id = $1 AND k.parent_id = $3)) \
             AND ($4 IS NULL OR ($4 = 'retired' AND a.retired = 1) OR ($4 = 'draft' AND a.retired = 0 AND a.published IS NULL) \
               OR ($4 = 'published' AND a.retired = 0 AND a.published IS NOT NULL)) \
             AND ($5 IS NULL OR ($5 = 1 AND a.required IS NOT NULL) OR ($5 = 0 AND a.required IS NULL)) \
             AND ($6 IS NULL OR a.changed_at < $6 OR (a.changed_at = $6 AND a.id < $7)) \
             ORDER BY a.changed_at DESC, a.id DESC LIMIT $8"
        )),
        args![f.category, &f.state, f.duty, at, id, limit],
    )
    .await
}

/// `$3` to `$14`: terms, `$15`: how many. The cross join makes SQLite begin with the terms asked for: it would else walk the whole table in
/// the order of its articles. Answers `hit`: the articles that have them all, with the sum of their weights.
macro_rules! asked_terms {
    () => {
        "q(term) AS (VALUES (CAST($3 AS TEXT)), (CAST($4 AS TEXT)), (CAST($5 AS TEXT)), (CAST($6 AS TEXT)), (CAST($7 AS TEXT)), \
           (CAST($8 AS TEXT)), (CAST($9 AS TEXT)), (CAST($10 AS TEXT)), (CAST($11 AS TEXT)), (CAST($12 AS TEXT)), (CAST($13 AS TEXT)), \
           (CAST($14 AS TEXT))), \
         hit AS (SELECT t.article_id, CAST(SUM(t.weight) AS BIGINT) AS score FROM q CROSS JOIN article_term t \
           WHERE t.tenant_id = $1 AND t.term = q.term GROUP BY t.article_id HAVING COUNT(*) = $15) "
    };
}
pub(crate) use asked_terms;

db::row! { struct IdRow { id: Uuid } }

/// Articles in reach that have all these terms, the best first.
pub async fn with_terms(q: &mut impl Query, terms: &[String], limit: i64) -> Result<Vec<Uuid>> {
    let mut args = slots(terms);
    args.extend(args![terms.len() as i64, limit]);
    let rows: Vec<IdRow> = q
        .all(
            sql!(concat!(
                "WITH ",
                asked_terms!(),
                "SELECT a.id FROM hit h CROSS JOIN article a \
                 WHERE a.tenant_id = $1 AND a.id = h.article_id AND {reach:a} ORDER BY h.score DESC, a.changed_at DESC, a.id DESC LIMIT $16"
            )),
            args,
        )
        .await?;
    Ok(rows.into_iter().map(|r| r.id).collect())
}

/// Terms in their twelve places; the empty ones match nothing.
pub(crate) fn slots(terms: &[String]) -> Vec<db::Val> {
    (0..MOST).map(|k| db::Val::from(terms.get(k).map(String::as_str))).collect()
}

db::row! { pub struct Draft { title: String, tags: String, body: String } }

pub async fn draft(q: &mut impl Query, id: Uuid) -> Result<Draft> {
    q.must(
        sql!("SELECT a.title, a.tags, a.body FROM article a WHERE a.tenant_id = $1 AND a.id = $3"),
        args![id],
    )
    .await
}

/// What is written of an article.
pub struct Written<'a> {
    pub title: &'a str,
    pub category: Option<Uuid>,
    pub tags: &'a str,
    pub body: &'a str,
    pub sha256: &'a str,
    pub required: Option<i64>,
    pub due_day: Option<LocalDay>,
    pub audience: &'a ArticleAudience,
    pub retired: bool,
}

/// False when the id is taken.
pub async fn insert(tx: &mut Tx, id: Uuid, department: Uuid, w: &Written<'_>) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO article (tenant_id, id, employee_id, department_id, category_id, title, tags, body, draft_sha256, any_department, \
                 any_role, retired, created_at, changed_by, changed_at, version) \
                 VALUES ($1, $3, $2, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12, $2, $12, 1) ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![
                id,
                department,
                w.category,
                w.title,
                w.tags,
                w.body,
                w.sha256,
                w.audience.departments.is_empty(),
                w.audience.roles.is_empty(),
                now
            ],
        )
        .await?;
    Ok(rows == 1)
}

/// False when somebody else changed it since `version`.
pub async fn update(tx: &mut Tx, id: Uuid, version: i64, w: &Written<'_>) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "UPDATE article SET category_id = $5, title = $6, tags = $7, body = $8, draft_sha256 = $9, required = $10, due_day = $11, \
                 any_department = $12, any_role = $13, retired = $14, changed_by = $2, changed_at = $15, version = version + 1 \
                 WHERE tenant_id = $1 AND id = $3 AND version = $4"
            ),
            args![
                id,
                version,
                w.category,
                w.title,
                w.tags,
                w.body,
                w.sha256,
                w.required,
                w.due_day,
                w.audience.departments.is_empty(),
                w.audience.roles.is_empty(),
                w.retired,
                now
            ],
        )
        .await?;
    Ok(rows == 1)
}

/// False when somebody else changed it since `version`.
pub async fn set_published(
    tx: &mut Tx,
    id: Uuid,
    version: i64,
    number: i64,
    sha256: &str,
    required: Option<i64>,
) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "UPDATE article SET published = $5, published_sha256 = $6, required = $7, changed_by = $2, changed_at = $8, version = version + 1 \
                 WHERE tenant_id = $1 AND id = $3 AND version = $4"
            ),
            args![id, version, number, sha256, required, now],
        )
        .await?;
    Ok(rows == 1)
}

pub async fn insert_version(
    tx: &mut Tx,
    id: Uuid,
    number: i64,
    d: &Draft,
    note: Option<&str>,
) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!(
            "INSERT INTO article_version (tenant_id, article_id, number, title, tags, body, note, published_by, published_at) \
             VALUES ($1, $3, $4, $5, $6, $7, $8, $2, $9)"
        ),
        args![id, number, &d.title, &d.tags, &d.body, note, now],
    )
    .await
}

db::row! { pub struct VersionRow {
    number: i64, title: String, tags: String, body: String, note: Option<String>, published_by: Uuid, by_name: String, published_at: Micros
} }

pub async fn version(q: &mut impl Query, article: Uuid, number: i64) -> Result<Option<VersionRow>> {
    q.one(
        sql!(
            "SELECT v.number, v.title, v.tags, v.body, v.note, v.published_by, e.name AS by_name, v.published_at FROM article_version v \
             JOIN employee e ON e.tenant_id = v.tenant_id AND e.id = v.published_by \
             WHERE v.tenant_id = $1 AND v.article_id = $3 AND v.number = $4"
        ),
        args![article, number],
    )
    .await
}

db::row! { pub struct VersionHead { number: i64, note: Option<String>, published_by: Uuid, by_name: String, published_at: Micros } }

/// Versions, newest first.
pub async fn versions(q: &mut impl Query, article: Uuid) -> Result<Vec<VersionHead>> {
    q.all(
        sql!(
            "SELECT v.number, v.note, v.published_by, e.name AS by_name, v.published_at FROM article_version v \
             JOIN employee e ON e.tenant_id = v.tenant_id AND e.id = v.published_by \
             WHERE v.tenant_id = $1 AND v.article_id = $3 ORDER BY v.number DESC"
        ),
        args![article],
    )
    .await
}

db::row! { struct RoleKey { role_key: String } }

pub async fn audience(q: &mut impl Query, article: Uuid) -> Result<ArticleAudience> {
    let departments: Vec<(Uuid,)> = q
        .all(
            sql!("SELECT u.department_id FROM article_department u WHERE u.tenant_id = $1 AND u.article_id = $3 ORDER BY u.department_id"),
            args![article],
        )
        .await?;
    let roles: Vec<RoleKey> = q
        .all(
            sql!("SELECT o.role_key FROM article_role o WHERE o.tenant_id = $1 AND o.article_id = $3 ORDER BY o.role_key"),
            args![article],
        )
        .await?;
    Ok(ArticleAudience {
        departments: departments.into_iter().map(|r| r.0).collect(),
        roles: roles.into_iter().map(|r| r.role_key).collect(),
    })
}

pub async fn set_audience(tx: &mut Tx, article: Uuid, audience: &ArticleAudience) -> Result<()> {
    tx.exec(sql!("DELETE FROM article_department WHERE tenant_id = $1 AND article_id = $3"), args![article])
        .await?;
    tx.exec(sql!("DELETE FROM article_role WHERE tenant_id = $1 AND article_id = $3"), args![article])
        .await?;
    for department in &audience.departments {
        let add =
            sql!("INSERT INTO article_department (tenant_id, article_id, department_id) VALUES ($1, $3, $4)");
        tx.exec(add, args![article, *department]).await?;
    }
    for role in &audience.roles {
        let add = sql!("INSERT INTO article_role (tenant_id, article_id, role_key) VALUES ($1, $3, $4)");
        tx.exec(add, args![article, role]).await?;
    }
    Ok(())
}

/// Keys of all roles.
pub async fn roles(q: &mut impl Query) -> Result<Vec<String>> {
    let rows: Vec<RoleKey> =
        q.all(sql!("SELECT r.key AS role_key FROM role r WHERE r.tenant_id = $1"), vec![]).await?;
    Ok(rows.into_iter().map(|r| r.role_key).collect())
}

/// Terms written by one statement. A long text has tens of thousands, and the writing of everybody waits for them.
const AT_ONCE: usize = 64;

/// Rows of terms with their weights, from the numbers of their arguments.
macro_rules! term_rows {
    ($t:literal $w:literal $(, $ts:literal $ws:literal)*) => {
        concat!(
            "(CAST($", $t, " AS TEXT), CAST($", $w, " AS BIGINT))",
            $(", (CAST($", $ts, " AS TEXT), CAST($", $ws, " AS BIGINT))"),*
        )
    };
}

/// Replaces the terms an article is found by.
pub async fn set_terms<'a>(
    tx: &mut Tx,
    article: Uuid,
    terms: impl IntoIterator<Item = (&'a String, &'a i64)>,
) -> Result<()> {
    tx.exec(sql!("DELETE FROM article_term WHERE tenant_id = $1 AND article_id = $3"), args![article])
        .await?;
    let all: Vec<(&String, &i64)> = terms.into_iter().collect();
    for part in all.chunks(AT_ONCE) {
        let mut args = args![article];
        for k in 0..AT_ONCE {
            let one = part.get(k);
            args.push(db::Val::from(one.map(|(term, _)| term.as_str())));
            args.push(db::Val::from(one.map(|(_, weight)| **weight)));
        }
        tx.exec(
            sql!(concat!(
                "WITH q(term, weight) AS (VALUES ",
                term_rows!(
                    4 5, 6 7, 8 9, 10 11, 12 13, 14 15, 16 17, 18 19, 20 21, 22 23, 24 25, 26 27, 28 29, 30
                    31, 32 33, 34 35, 36 37, 38 39, 40 41, 42 43, 44 45, 46 47, 48 49, 50 51, 52 53, 54 55, 56
                    57, 58 59, 60 61, 62 63, 64 65, 66 67, 68 69, 70 71, 72 73, 74 75, 76 77, 78 79, 80 81, 82
                    83, 84 85, 86 87, 88 89, 90 91, 92 93, 94 95, 96 97, 98 99, 100 101, 102 103, 104 105, 106
                    107, 108 109, 110 111, 112 113, 114 115, 116 117, 118 119, 120 121, 122 123, 124 125, 126
                    127, 128 129, 130 131
                ),
                ") INSERT INTO article_term (tenant_id, term, article_id, weight) \
                 SELECT $1, q.term, $3, q.weight FROM q WHERE q.term IS NOT NULL"
            )),
            args,
        )
        .await?;
    }
    Ok(())
}
