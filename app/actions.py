"""Every slice's actions, so that commands find their handlers and facts their listeners."""

import app.accounts.actions
import app.customers.actions
import app.followups.actions
import app.orders.actions
import app.planning.actions
import app.planning.deeds
import app.sync.shut_out
import app.visits.actions
