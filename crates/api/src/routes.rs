//! Adding routes. Each states what it demands; there is no other way in.

use axum::middleware;
use utoipa::openapi::{OpenApi, extensions::Extensions, path::PathItem};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use crate::{Access, Kit, access::guard};

/// A growing set of routes under `/api/v1`.
pub struct Routes {
    kit: Kit,
    router: OpenApiRouter<Kit>,
}

impl Routes {
    pub fn new(kit: &Kit) -> Routes {
        Routes { kit: kit.clone(), router: OpenApiRouter::new() }
    }

    /// Adds handlers of one path: `routes.at(Access::May(CustomerRead), routes!(list))`.
    #[must_use]
    pub fn at(mut self, access: Access, (schemas, mut paths, methods): UtoipaMethodRouter<Kit>) -> Routes {
        for item in paths.paths.values_mut() {
            declare(item, access);
        }
        let methods = methods.layer(middleware::from_fn_with_state((self.kit.clone(), access), guard));
        self.router = self.router.routes((schemas, paths, methods));
        self
    }

    /// Takes over the routes of another part.
    #[must_use]
    pub fn merge(mut self, other: Routes) -> Routes {
        self.router = self.router.merge(other.router);
        self
    }

    /// A layer around all routes so far (larger bodies, shared state).
    #[must_use]
    pub fn map(mut self, f: impl FnOnce(OpenApiRouter<Kit>) -> OpenApiRouter<Kit>) -> Routes {
        self.router = f(self.router);
        self
    }

    /// Router and document, below `/api/v1`.
    pub fn finish(self) -> (axum::Router, OpenApi) {
        let (router, document) = OpenApiRouter::new().nest("/api/v1", self.router).split_for_parts();
        (router.with_state(self.kit), document)
    }
}

fn declare(item: &mut PathItem, access: Access) {
    let operations =
        [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch, &mut item.head];
    for operation in operations.into_iter().flatten() {
        let extension = Extensions::builder().add("x-permission", access.key()).build();
        match &mut operation.extensions {
            Some(extensions) => extensions.merge(extension),
            None => operation.extensions = Some(extension),
        }
    }
}
