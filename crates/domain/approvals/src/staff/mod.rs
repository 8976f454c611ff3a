//! The people of a company as flows ask for them, read at once.

mod sql;

use std::collections::{BTreeMap, HashMap, HashSet};

use base::Micros;
use db::{Query, Result};
use flow::People;
use serde_json::{Value, json};
use uuid::Uuid;

use sql::DepartmentRow;

/// Departments are followed upwards so far.
const MOST_LEVELS: usize = 20;
/// A deputy who is absent himself is followed so far.
const MOST_DEPUTIES: usize = 5;

struct Person {
    name: String,
    role: Uuid,
}

/// Everybody at work, with departments, heads, roles and who stands in for whom at one moment.
pub(crate) struct Staff {
    departments: HashMap<Uuid, DepartmentRow>,
    heads: HashMap<Uuid, Vec<Uuid>>,
    people: BTreeMap<Uuid, Person>,
    /// Also of those who left: their heads decide for them.
    belongs: HashMap<Uuid, Uuid>,
    roles: HashSet<Uuid>,
    admins: Vec<Uuid>,
    deputies: HashMap<Uuid, Uuid>,
}

impl Staff {
    /// # Errors
    /// When the store cannot be read.
    pub async fn read(q: &mut impl Query, now: Micros) -> Result<Staff> {
        let departments = sql::departments(q).await?;
        let people = sql::people(q).await?;
        let roles = sql::roles(q).await?;
        let heads = sql::heads(q).await?;
        let deputies = sql::deputies(q, now).await?;
        let mut by_department: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
        for (department, head) in heads {
            by_department.entry(department).or_default().push(head);
        }
        Ok(Staff {
            departments: departments.into_iter().map(|d| (d.id, d)).collect(),
            heads: by_department,
            roles: roles.into_iter().map(|(id,)| id).collect(),
            belongs: people.iter().map(|p| (p.id, p.department_id)).collect(),
            admins: people.iter().filter(|p| p.settings && p.here).map(|p| p.id).collect(),
            people: people
                .into_iter()
                .filter(|p| p.here)
                .map(|p| (p.id, Person { name: p.name, role: p.role_id }))
                .collect(),
            deputies: deputies.into_iter().collect(),
        })
    }

    /// Of somebody at work.
    pub fn department(&self, person: Uuid) -> Option<Uuid> {
        self.people.get(&person).and(self.belongs.get(&person)).copied()
    }

    /// The department a person belongs to and those above it, nearest first.
    fn chain(&self, person: Uuid) -> Vec<&DepartmentRow> {
        let first = self.belongs.get(&person).and_then(|d| self.departments.get(d));
        std::iter::successors(first, |d| d.parent_id.and_then(|p| self.departments.get(&p)))
            .take(MOST_LEVELS)
            .collect()
    }

    /// What formulas know of a requester as `user`.
    pub fn facts(&self, person: Uuid, post: Option<&str>) -> Value {
        let names: Vec<&str> = self.chain(person).into_iter().map(|d| d.name.as_str()).collect();
        json!({
            "id": person,
            "name": self.people.get(&person).map(|p| p.name.as_str()),
            "department": names.first(),
            "departments": names,
            "post": post,
        })
    }
}

impl People for Staff {
    fn role(&self, role: Uuid) -> Option<Vec<Uuid>> {
        let with = || self.people.iter().filter(|(_, p)| p.role == role).map(|(id, _)| *id).collect();
        self.roles.contains(&role).then(with)
    }

    fn heads(&self, person: Uuid, level: u8) -> Option<Vec<Uuid>> {
        let chain = self.chain(person);
        let department = chain.get(usize::from(level).checked_sub(1)?)?;
        Some(self.heads.get(&department.id).cloned().unwrap_or_default())
    }

    fn admins(&self) -> Vec<Uuid> {
        self.admins.clone()
    }

    fn is_here(&self, person: Uuid) -> bool {
        self.people.contains_key(&person)
    }

    fn deputy(&self, person: Uuid) -> Option<Uuid> {
        let mut seen = vec![person];
        for _ in 0..MOST_DEPUTIES {
            match seen.last().and_then(|p| self.deputies.get(p)) {
                Some(next) if !seen.contains(next) && self.is_here(*next) => seen.push(*next),
                _ => break,
            }
        }
        // Whoever stands in is not absent himself; a chain that turns in a circle ends in somebody who is.
        seen.pop().filter(|last| *last != person && !self.deputies.contains_key(last))
    }
}
