//! Who acts, for which company, and how far he sees. Nothing touches a tenant's table without one.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How far a person sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Only what is his own.
    Own,
    /// His departments with all below them.
    Departments,
    Company,
}

macro_rules! permissions {
    ($($name:ident = $key:literal),* $(,)?) => {
        /// The closed catalogue of rights. A route names one; a role holds some.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Permission { $($name),* }
        impl Permission {
            pub const ALL: &[Permission] = &[$(Permission::$name),*];
            /// Stable key as stored and shown: `customer.read`.
            pub const fn key(self) -> &'static str {
                match self { $(Permission::$name => $key),* }
            }
            pub fn from_key(key: &str) -> Option<Permission> {
                match key { $($key => Some(Permission::$name),)* _ => None }
            }
        }
    };
}

permissions! {
    CompanyWrite = "company.write",
    OrgRead = "org.read",
    OrgWrite = "org.write",
    AuditRead = "audit.read",
    CustomerRead = "customer.read",
    CustomerWrite = "customer.write",
    TaskRead = "task.read",
    TaskWrite = "task.write",
    VisitRead = "visit.read",
    LiveRead = "live.read",
    TrackRead = "track.read",
    ReportRead = "report.read",
    FieldWork = "field.work",
    TrackAudit = "track.audit",
    FormWrite = "form.write",
    FlowWrite = "flow.write",
    KnowledgeWrite = "knowledge.write",
    OrderRead = "order.read",
    OrderWrite = "order.write",
    StockWrite = "stock.write",
    AudioPlay = "audio.play",
}

/// The acting person inside one company. Built only by sign-in ([`Scope::signed_in`]) or by a named job
/// ([`Scope::job`]); a test over the sources holds the callers to that.
#[derive(Debug, Clone)]
pub struct Scope {
    tenant: Uuid,
    actor: Uuid,
    reach: Reach,
    permissions: u64,
    job: Option<&'static str>,
}

impl Scope {
    /// For a verified session. Called by `org` alone.
    pub fn signed_in(tenant: Uuid, actor: Uuid, reach: Reach, permissions: &[Permission]) -> Scope {
        let bits = permissions.iter().fold(0, |bits, p| bits | 1 << *p as u64);
        Scope { tenant, actor, reach, permissions: bits, job: None }
    }

    /// For work nobody asked for in person: nightly closing, set-up, the demo. Sees the whole company.
    pub fn job(name: &'static str, tenant: Uuid) -> Scope {
        Scope { tenant, actor: Uuid::nil(), reach: Reach::Company, permissions: u64::MAX, job: Some(name) }
    }

    pub fn tenant(&self) -> Uuid {
        self.tenant
    }

    /// The acting employee; nil for a job.
    pub fn actor(&self) -> Uuid {
        self.actor
    }

    pub fn reach(&self) -> Reach {
        self.reach
    }

    pub fn job_name(&self) -> Option<&'static str> {
        self.job
    }

    pub fn may(&self, permission: Permission) -> bool {
        self.permissions & 1 << permission as u64 != 0
    }

    /// The same person looking at his own rows only: what the phone app asks with.
    pub fn own(&self) -> Scope {
        Scope { reach: Reach::Own, ..self.clone() }
    }
}
