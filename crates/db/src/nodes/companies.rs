//! What is done once for a company, company after company.

use std::future::Future;

use uuid::Uuid;

use crate::{Database, Result, args, global_sql};

crate::row! { struct TenantRow { tenant_id: Uuid } }

impl Database {
    /// All companies of the store.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn companies(&self) -> Result<Vec<Uuid>> {
        let mut global = self.global_read().await?;
        let rows: Vec<TenantRow> =
            global.all(global_sql!("SELECT tenant_id FROM tenant ORDER BY tenant_id"), args![]).await?;
        Ok(rows.into_iter().map(|r| r.tenant_id).collect())
    }

    /// Does something for each company whose turn this node has, one after another. The trouble of one company holds up no
    /// other: it goes to the log with what `late` says of it, and the next round tries again.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn each_company<Done>(&self, late: &str, mut job: impl FnMut(Uuid) -> Done + Send) -> Result<()>
    where
        Done: Future<Output = Result<()>> + Send,
    {
        for tenant in self.companies().await? {
            let done = match self.turn(tenant).await {
                Ok(Some(_turn)) => job(tenant).await,
                Ok(None) => Ok(()),
                Err(problem) => Err(problem),
            };
            if let Err(e) = done {
                tracing::warn!(%tenant, error = %e, "{late}");
            }
        }
        Ok(())
    }
}
