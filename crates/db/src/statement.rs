//! Statements are declared where they are used and known to the whole program, so that one test can prepare
//! them all on both engines.

use std::sync::OnceLock;

use crate::scope::Reach;

/// Which tables a statement may touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Tenants' tables; `$1` tenant, `$2` actor.
    Scoped,
    /// Tables without a tenant; arguments start at `$1`.
    Global,
}

/// A declared SQL text.
pub struct Statement {
    pub kind: Kind,
    pub text: &'static str,
    pub place: &'static str,
    variants: OnceLock<[&'static str; 3]>,
}

impl Statement {
    pub const fn new(kind: Kind, text: &'static str, place: &'static str) -> Statement {
        Statement { kind, text, place, variants: OnceLock::new() }
    }

    /// The text as run for a reach: `{reach:v}` replaced by the condition on `v.employee_id` and `v.department_id`.
    pub fn for_reach(&'static self, reach: Reach) -> &'static str {
        let [own, departments, company] = self.variants.get_or_init(|| {
            if !self.text.contains("{reach:") {
                return [self.text; 3];
            }
            [Reach::Own, Reach::Departments, Reach::Company].map(|r| &*expand(self.text, r).leak())
        });
        match reach {
            Reach::Own => own,
            Reach::Departments => departments,
            Reach::Company => company,
        }
    }
}

fn expand(text: &str, reach: Reach) -> String {
    let mut out = String::with_capacity(text.len() + 200);
    let mut rest = text;
    while let Some(at) = rest.find("{reach:") {
        let (before, after) = rest.split_at(at);
        let after = &after["{reach:".len()..];
        let end = after.find('}').unwrap_or(after.len());
        let alias = &after[..end];
        out.push_str(before);
        out.push_str(&match reach {
            Reach::Own => format!("{alias}.employee_id = $2"),
            Reach::Departments => format!(
                "({alias}.employee_id = $2 OR {alias}.department_id IN (SELECT r.department_id FROM department_reach r \
                 WHERE r.tenant_id = $1 AND r.employee_id = $2))"
            ),
            Reach::Company => "$2 = $2".to_owned(),
        });
        rest = after.get(end + 1..).unwrap_or("");
    }
    out.push_str(rest);
    out
}

/// Registry entry.
pub struct Registered(pub &'static Statement);
inventory::collect!(Registered);

/// Every statement of the linked program.
pub fn registered() -> Vec<&'static Statement> {
    inventory::iter::<Registered>.into_iter().map(|r| r.0).collect()
}

/// Declares a statement on tenants' tables: `$1` tenant, `$2` actor, own arguments from `$3`.
#[macro_export]
macro_rules! sql {
    ($text:expr) => {{
        static STATEMENT: $crate::Statement =
            $crate::Statement::new($crate::Kind::Scoped, $text, concat!(module_path!(), ":", line!()));
        $crate::inventory::submit! { $crate::__Registered(&STATEMENT) }
        &STATEMENT
    }};
}

/// Declares a statement on tables without a tenant; arguments from `$1`.
#[macro_export]
macro_rules! global_sql {
    ($text:expr) => {{
        static STATEMENT: $crate::Statement =
            $crate::Statement::new($crate::Kind::Global, $text, concat!(module_path!(), ":", line!()));
        $crate::inventory::submit! { $crate::__Registered(&STATEMENT) }
        &STATEMENT
    }};
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reach_is_written_into_the_text() {
        static S: Statement = Statement::new(
            Kind::Scoped,
            "SELECT 1 FROM visits v WHERE v.tenant_id = $1 AND {reach:v} LIMIT 1",
            "",
        );
        assert!(S.for_reach(Reach::Own).contains("v.employee_id = $2 LIMIT 1"));
        assert!(S.for_reach(Reach::Departments).contains("department_reach"));
        assert!(S.for_reach(Reach::Company).contains("$2 = $2 LIMIT"));
    }
}
