//! All rows of one person, whatever tables there are: for the right of access, and to show that nothing was forgotten when
//! somebody is erased. Tables and columns are read from the migrations, so that a new table is covered without a line here.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{Result, migrate::MIGRATIONS, row::Row, tenant_tables, tx::Reader, value::Val};

/// A column and how it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ColumnOf {
    pub name: String,
    pub kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Uuid,
    Int,
    Real,
    Text,
    /// Packed content, told elsewhere.
    Bytes,
}

fn kind_of(word: &str) -> Option<Kind> {
    match word.trim_end_matches(',') {
        "UUID" => Some(Kind::Uuid),
        "BIGINT" | "{{serial}}" => Some(Kind::Int),
        "DOUBLE" => Some(Kind::Real),
        "TEXT" => Some(Kind::Text),
        "BYTEA" => Some(Kind::Bytes),
        _ => None,
    }
}

/// Columns of a table by its migrations.
pub(crate) fn columns(table: &str) -> Vec<ColumnOf> {
    let mut found: Vec<ColumnOf> = vec![];
    let mut add = |line: &str| {
        let mut words = line.split_whitespace();
        if let (Some(name), Some(kind)) = (words.next(), words.next().and_then(kind_of)) {
            found.push(ColumnOf { name: name.to_owned(), kind });
        }
    };
    for (_, text) in MIGRATIONS {
        for part in text.split("CREATE TABLE ").skip(1) {
            let Some((name, body)) = part.split_once('(') else { continue };
            if name.trim() == table {
                body.split(");").next().unwrap_or("").lines().for_each(&mut add);
            }
        }
        for part in text.split("ALTER TABLE ").skip(1) {
            let statement = part.split(';').next().unwrap_or("");
            if let Some(column) = statement.strip_prefix(&format!("{table} ADD COLUMN ")) {
                add(column);
            }
        }
    }
    found
}

impl Reader {
    /// Rows of a person by table: every table of a company that has an `employee_id`, his own row, and the trail of what he
    /// did. Packed columns are left out. Whoever asks has checked that the reader may see the person.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn rows_of_person(&mut self, employee: Uuid) -> Result<BTreeMap<String, Vec<Value>>> {
        let mut all = BTreeMap::new();
        for table in tenant_tables() {
            let columns = columns(&table);
            let key = match table.as_str() {
                "employee" => "id",
                "audit" => "actor_id",
                _ if columns.iter().any(|c| c.name == "employee_id") => "employee_id",
                _ => continue,
            };
            let shown: Vec<&ColumnOf> =
                columns.iter().filter(|c| c.kind != Kind::Bytes && c.name != "tenant_id").collect();
            let names: Vec<&str> = shown.iter().map(|c| c.name.as_str()).collect();
            // names come from our own migrations
            let text =
                format!("SELECT {} FROM {table} WHERE tenant_id = $1 AND {key} = $2", names.join(", "));
            let args = vec![Val::from(self.scope.tenant()), Val::from(employee)];
            let rows = self.conn.rows(text_of(text), args, "person").await?;
            let rows: Result<Vec<Value>> = rows.iter().map(|row| object(row, &shown)).collect();
            all.insert(table, rows?);
        }
        Ok(all)
    }
}

/// Statements are kept for the life of the program; there are as many as there are tables.
fn text_of(text: String) -> &'static str {
    use std::{collections::HashSet, sync::Mutex};
    static KNOWN: Mutex<Option<HashSet<&'static str>>> = Mutex::new(None);
    let mut known = KNOWN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let known = known.get_or_insert_default();
    if let Some(found) = known.get(text.as_str()).copied() {
        return found;
    }
    let kept: &'static str = Box::leak(text.into_boxed_str());
    known.insert(kept);
    kept
}

fn object(row: &Row, columns: &[&ColumnOf]) -> Result<Value> {
    let mut object = Map::new();
    for column in columns {
        let name = column.name.as_str();
        let value = match column.kind {
            Kind::Uuid => json!(row.get::<Option<Uuid>>(name)?),
            Kind::Int => json!(row.get::<Option<i64>>(name)?),
            Kind::Real => json!(row.get::<Option<f64>>(name)?),
            Kind::Text => text(row.get::<Option<String>>(name)?),
            Kind::Bytes => Value::Null,
        };
        object.insert(name.to_owned(), value);
    }
    Ok(Value::Object(object))
}

/// A text; one that holds JSON as what it holds.
fn text(value: Option<String>) -> Value {
    let Some(text) = value else { return Value::Null };
    match text.as_bytes().first() {
        Some(b'{' | b'[') => serde_json::from_str(&text).unwrap_or(Value::String(text)),
        _ => Value::String(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_read_from_the_migrations() {
        let of =
            |table: &str, name: &str| columns(table).into_iter().find(|c| c.name == name).map(|c| c.kind);
        assert_eq!(of("fix_batch", "seq"), Some(Kind::Int));
        assert_eq!(of("fix_batch", "fixes"), Some(Kind::Bytes));
        assert_eq!(of("employee", "phone"), Some(Kind::Text));
        assert_eq!(of("visit", "in_probability"), Some(Kind::Real));
        assert_eq!(of("tenant", "keep_days"), Some(Kind::Int), "added later");
        assert_eq!(of("visit", "FOREIGN"), None);
        for table in tenant_tables() {
            assert!(of(&table, "tenant_id").is_some(), "{table}");
        }
    }
}
