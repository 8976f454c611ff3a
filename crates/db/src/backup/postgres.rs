//! A store in PostgreSQL: every table as of one snapshot, in the text form of `COPY`, and what is needed to make the tables
//! again. Read and written with the server's own role: under row level security a company at a time.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{BufWriter, Read, Write},
    path::Path,
    str::FromStr,
};

use base::{Clock, Problem, id, time::SystemClock};
use futures::TryStreamExt;
use serde::{Deserialize, Serialize};
use sqlx::{
    Connection, Executor, PgConnection, Row,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use uuid::Uuid;

use super::{Entry, MADE_AT, NEW_EPOCH, begin, checked, copy_objects, entry, finish, lay};
use crate::{Result, migrate, partition, tx::problem_of};

const FOLDER: &str = "postgres";
const TABLES: &str = "tables.json";
/// Bytes sent to the server at once.
const PIECE: usize = 1 << 20;

/// What the files of a backup are.
#[derive(Serialize, Deserialize)]
struct Contents {
    /// Names of the migrations that made the tables.
    migrations: Vec<String>,
    /// Whatever refers to a table stands behind it.
    tables: Vec<Table>,
    sequences: Vec<Sequence>,
    /// Parts of `fix_segment`.
    parts: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Table {
    name: String,
    columns: Vec<String>,
    /// Held back by row level security.
    secured: bool,
}

#[derive(Serialize, Deserialize)]
struct Sequence {
    table: String,
    column: String,
    last: i64,
}

async fn connect(url: &str, what: &'static str) -> Result<PgConnection> {
    let options = PgConnectOptions::from_str(url).map_err(|e| problem_of(e, what))?;
    PgConnection::connect_with(&options).await.map_err(|e| problem_of(e, what))
}

/// Runs a text made of names of the catalogue, numbers and UUIDs.
async fn run(c: &mut PgConnection, text: String) -> Result<()> {
    let done = sqlx::raw_sql(sqlx::AssertSqlSafe(text)).execute(c).await;
    done.map(drop).map_err(|e| problem_of(e, "backup"))
}

/// Writes a backup of the PostgreSQL store at `url`, whose objects lie in `data`, to the new folder `target`; answers the number
/// of files. The server may go on writing: all tables are as of one moment.
///
/// # Errors
/// When `target` exists already, the database cannot be reached, or anything cannot be read or written.
pub async fn backup_postgres(url: &str, data: &Path, target: &Path) -> Result<usize> {
    let mut c = connect(url, "backup").await?;
    begin(target)?;
    let folder = target.join(FOLDER);
    fs::create_dir_all(&folder).map_err(Problem::internal)?;
    run(&mut c, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY".into()).await?;
    let contents = contents(&mut c).await?;
    let tenants = tenants(&mut c).await?;
    let mut entries = vec![];
    for table in &contents.tables {
        let path = folder.join(format!("{}.copy", table.name));
        let mut file = BufWriter::new(File::create(&path).map_err(Problem::internal)?);
        let columns = table.columns.join(", ");
        if table.secured {
            for tenant in &tenants {
                run(&mut c, format!("SELECT set_config('app.tenant', '{tenant}', true)")).await?;
                // Said twice, so that a role which walks through row level security finds each row once too.
                let rows = format!("SELECT {columns} FROM {} WHERE tenant_id = '{tenant}'", table.name);
                copy_out(&mut c, &rows, &mut file).await?;
            }
        } else {
            copy_out(&mut c, &format!("SELECT {columns} FROM {}", table.name), &mut file).await?;
        }
        file.into_inner().map_err(Problem::internal)?.sync_all().map_err(Problem::internal)?;
        entries.push(entry(target, &path)?);
    }
    run(&mut c, "COMMIT".into()).await?;
    let path = folder.join(TABLES);
    fs::write(&path, serde_json::to_vec_pretty(&contents).map_err(Problem::internal)?)
        .map_err(Problem::internal)?;
    entries.push(entry(target, &path)?);
    entries.extend(copy_objects(data, target)?);
    let files = finish(target, &entries)?;
    let made_at = SystemClock.now().0.to_string();
    sqlx::query(MADE_AT).bind(made_at).execute(&mut c).await.map_err(|e| problem_of(e, "backup"))?;
    c.close().await.map_err(|e| problem_of(e, "backup"))?;
    Ok(files)
}

async fn copy_out(c: &mut PgConnection, select: &str, file: &mut impl Write) -> Result<()> {
    let fail = |e| problem_of(e, "backup");
    let mut rows = c.copy_out_raw(&format!("COPY ({select}) TO STDOUT")).await.map_err(fail)?;
    while let Some(piece) = rows.try_next().await.map_err(fail)? {
        file.write_all(&piece).map_err(Problem::internal)?;
    }
    Ok(())
}

/// The first column of what a text answers.
async fn names(c: &mut PgConnection, text: &'static str) -> Result<Vec<String>> {
    let rows = c.fetch_all(text).await.map_err(|e| problem_of(e, "backup"))?;
    rows.iter().map(|r| r.try_get(0).map_err(|e| problem_of(e, "backup"))).collect()
}

async fn tenants(c: &mut PgConnection) -> Result<Vec<Uuid>> {
    let rows = c.fetch_all("SELECT tenant_id FROM tenant ORDER BY 1").await;
    let rows = rows.map_err(|e| problem_of(e, "backup"))?;
    rows.iter().map(|r| r.try_get(0).map_err(|e| problem_of(e, "backup"))).collect()
}

async fn contents(c: &mut PgConnection) -> Result<Contents> {
    let fail = |e| problem_of(e, "backup");
    let rows = c
        .fetch_all(
            "SELECT c.relname::text, c.relrowsecurity, \
             ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum) \
             FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') \
             AND NOT c.relispartition AND c.relname <> 'migration' ORDER BY 1",
        )
        .await
        .map_err(fail)?;
    let table = |r: &sqlx::postgres::PgRow| {
        Ok(Table { name: r.try_get(0)?, secured: r.try_get(1)?, columns: r.try_get(2)? })
    };
    let tables = rows.iter().map(table).collect::<sqlx::Result<Vec<Table>>>().map_err(fail)?;
    let rows = c
        .fetch_all(
            "SELECT k.conrelid::regclass::text, k.confrelid::regclass::text FROM pg_constraint k \
             WHERE k.contype = 'f' AND k.conrelid <> k.confrelid AND k.connamespace = current_schema()::regnamespace",
        )
        .await
        .map_err(fail)?;
    let pair = |r: &sqlx::postgres::PgRow| Ok((r.try_get(0)?, r.try_get(1)?));
    let refer = rows.iter().map(pair).collect::<sqlx::Result<Vec<(String, String)>>>().map_err(fail)?;
    let rows = c
        .fetch_all(
            "SELECT c.relname::text, a.attname::text, pg_get_serial_sequence(c.oid::regclass::text, a.attname) \
             FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid \
             WHERE a.attidentity <> '' AND c.relnamespace = current_schema()::regnamespace AND NOT c.relispartition",
        )
        .await
        .map_err(fail)?;
    let mut sequences = vec![];
    for row in rows {
        let sequence: String = row.try_get(2).map_err(fail)?;
        let last = format!("SELECT last_value FROM {sequence}");
        let last = sqlx::query_scalar(sqlx::AssertSqlSafe(last)).fetch_one(&mut *c).await.map_err(fail)?;
        let (table, column) = (row.try_get(0).map_err(fail)?, row.try_get(1).map_err(fail)?);
        sequences.push(Sequence { table, column, last });
    }
    Ok(Contents {
        migrations: names(c, "SELECT name FROM migration ORDER BY 1").await?,
        tables: in_order(tables, &refer)?,
        sequences,
        parts: partition::names(c).await?,
    })
}

/// Tables so that each stands behind all it refers to.
fn in_order(tables: Vec<Table>, refer: &[(String, String)]) -> Result<Vec<Table>> {
    let mut left: BTreeMap<String, Table> = tables.into_iter().map(|t| (t.name.clone(), t)).collect();
    let mut all = vec![];
    while !left.is_empty() {
        let waits = |name: &str| refer.iter().any(|(from, to)| from == name && left.contains_key(to));
        let ready: Vec<String> = left.keys().filter(|name| !waits(name)).cloned().collect();
        if ready.is_empty() {
            let circle: Vec<&String> = left.keys().collect();
            return Err(Problem::internal(format!(
                "tables that refer to each other in a circle: {circle:?}"
            )));
        }
        all.extend(ready.iter().filter_map(|name| left.remove(name)));
    }
    Ok(all)
}

/// Checks a backup against its manifest, writes its tables to the empty PostgreSQL database at `url` and its objects to the
/// data folder `data`. All tables come in one transaction, and the restored store gets a new epoch.
///
/// # Errors
/// Names the first file that is missing or altered; a database or folder that is not empty; a backup of a newer program.
pub async fn restore_postgres(url: &str, source: &Path, data: &Path) -> Result<usize> {
    let objects = data.join("files");
    if objects.exists() && fs::read_dir(&objects).map_err(Problem::internal)?.next().is_some() {
        return Err(Problem::internal(format!("{} is not empty; name an empty folder", objects.display())));
    }
    let entries = checked(source)?;
    let folder = source.join(FOLDER);
    if entries.iter().all(|e| Path::new(&e.path) != Path::new(FOLDER).join(TABLES)) {
        return Err(Problem::internal("this is a backup of the embedded store: leave --database-url out"));
    }
    let contents = fs::read(folder.join(TABLES)).map_err(Problem::internal)?;
    let contents: Contents = serde_json::from_slice(&contents).map_err(Problem::internal)?;
    let fail = |e| problem_of(e, "restore");
    let mut c = connect(url, "restore").await?;
    let there = names(
        &mut c,
        "SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')",
    )
    .await?;
    if let Some(first) = there.first() {
        return Err(Problem::internal(format!(
            "the database holds tables already ({first} and {} more); name an empty one",
            there.len() - 1
        )));
    }
    let options = PgConnectOptions::from_str(url).map_err(fail)?;
    let pool = PgPoolOptions::new().max_connections(1).connect_with(options).await.map_err(fail)?;
    migrate::postgres_as_of(&pool, Some(&contents.migrations)).await?;
    pool.close().await;
    let is_object = |e: &&Entry| !Path::new(&e.path).starts_with(FOLDER);
    lay(source, entries.iter().filter(is_object), data)?;

    let mut tx = c.begin().await.map_err(fail)?;
    partition::remake(&mut tx, &contents.parts).await?;
    for table in &contents.tables {
        let Table { name, columns, secured } = table;
        // Only the owner of a table is let past its lock, and nobody else sees it before the end.
        if *secured {
            run(&mut tx, format!("ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY")).await?;
        }
        copy_in(&mut tx, name, columns, &folder.join(format!("{name}.copy"))).await?;
        if *secured {
            run(&mut tx, format!("ALTER TABLE {name} FORCE ROW LEVEL SECURITY")).await?;
        }
    }
    for Sequence { table, column, last } in &contents.sequences {
        run(&mut tx, format!("SELECT setval(pg_get_serial_sequence('{table}', '{column}'), {last})")).await?;
    }
    sqlx::query(NEW_EPOCH).bind(id::new_v7().to_string()).execute(&mut *tx).await.map_err(fail)?;
    tx.commit().await.map_err(fail)?;
    c.close().await.map_err(fail)?;
    Ok(entries.len())
}

async fn copy_in(c: &mut PgConnection, table: &str, columns: &[String], path: &Path) -> Result<()> {
    let fail = |e| problem_of(e, "restore");
    let mut file = File::open(path).map_err(Problem::internal)?;
    let text = format!("COPY {table} ({}) FROM STDIN", columns.join(", "));
    let mut into = c.copy_in_raw(&text).await.map_err(fail)?;
    let mut piece = vec![0; PIECE];
    loop {
        let n = file.read(&mut piece).map_err(Problem::internal)?;
        if n == 0 {
            break;
        }
        into.send(&piece[..n]).await.map_err(fail)?;
    }
    into.finish().await.map(drop).map_err(fail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &str) -> Table {
        Table { name: name.into(), columns: vec![], secured: true }
    }

    #[test]
    fn what_is_referred_to_comes_first() {
        let refer = [("a", "c"), ("c", "b"), ("d", "a")].map(|(from, to)| (from.to_owned(), to.to_owned()));
        let order = in_order(["a", "b", "c", "d"].map(table).into(), &refer).unwrap();
        assert_eq!(order.iter().map(|t| t.name.as_str()).collect::<Vec<_>>(), ["b", "c", "a", "d"]);
        let circle = [("a", "b"), ("b", "a")].map(|(from, to)| (from.to_owned(), to.to_owned()));
        assert!(in_order(["a", "b"].map(table).into(), &circle).is_err());
    }
}
