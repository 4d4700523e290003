"""Every table, so that migrations and tests know the whole shape."""

import app.accounts.models
import app.catalog.models
import app.core.commands
import app.core.touches
import app.customers.models
import app.followups.models
import app.maps.models
import app.media.models
import app.orders.models
import app.planning.models
import app.sync.models
import app.visits.models
