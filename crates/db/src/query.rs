//! What a [`Reader`] and a [`Tx`] have in common, for functions that read in either.

use std::future::Future;

use base::{Problem, problem};
use futures::future::BoxFuture;

use crate::{FromRow, Reader, Result, Row, Scope, Statement, Tx, Val};

/// Takes one row after another.
pub type Take<'a> = &'a mut (dyn FnMut(&Row) -> Result<()> + Send);

/// Runs scoped statements.
pub trait Query: Send {
    fn scope(&self) -> &Scope;

    /// Hands every row to `take`. `args` start at `$3`. The one door to the engines: what lies behind it is compiled here
    /// once and not again in every crate that asks something.
    fn each<'a>(
        &'a mut self,
        statement: &'static Statement,
        args: Vec<Val>,
        take: Take<'a>,
    ) -> BoxFuture<'a, Result<()>>;

    /// All rows. `args` start at `$3`.
    fn all<T: FromRow + Send>(
        &mut self,
        statement: &'static Statement,
        args: Vec<Val>,
    ) -> impl Future<Output = Result<Vec<T>>> + Send {
        async move {
            let mut all = Vec::new();
            self.each(statement, args, &mut |row| {
                all.push(T::from_row(row)?);
                Ok(())
            })
            .await?;
            Ok(all)
        }
    }

    /// The first row, if any.
    fn one<T: FromRow + Send>(
        &mut self,
        statement: &'static Statement,
        args: Vec<Val>,
    ) -> impl Future<Output = Result<Option<T>>> + Send {
        async move { Ok(self.all(statement, args).await?.into_iter().next()) }
    }

    /// The first row, or "not found".
    fn must<T: FromRow + Send>(
        &mut self,
        statement: &'static Statement,
        args: Vec<Val>,
    ) -> impl Future<Output = Result<T>> + Send {
        async move { self.one(statement, args).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND)) }
    }
}

impl Query for Reader {
    fn scope(&self) -> &Scope {
        &self.scope
    }

    fn each<'a>(
        &'a mut self,
        statement: &'static Statement,
        args: Vec<Val>,
        take: Take<'a>,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move { self.rows(statement, args).await?.iter().try_for_each(take) })
    }
}

impl Query for Tx {
    fn scope(&self) -> &Scope {
        &self.scope
    }

    fn each<'a>(
        &'a mut self,
        statement: &'static Statement,
        args: Vec<Val>,
        take: Take<'a>,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move { self.rows(statement, args).await?.iter().try_for_each(take) })
    }
}
