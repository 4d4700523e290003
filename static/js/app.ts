// What the pages ask for by attributes; each behaviour is one file.
import "./near";
import "./hasty";
import "./unsaved"; // before those that stamp and send
import "./mint";
import "./locate";
import "./away"; // once the position is known
import "./pick";
import "./stepper";
import "./send";
import "./trouble";
import "./lines";
import "./entry";
import "./lay-out";
import "./landing";
import "./warnings";
import "./portal";
import "./leave";
import "./outbox-page";
import "./sending";
import "./received";
import "./export";
import "./hand-in";
import "./fresh";
import "./morph";
import "./reopen";
import "./pack";
import "./turn";
import "./find";
import "./fits";
import "./doubles";
import "./dictate";
import "./install";
import "./scan";
import "./sign";
import "./photos/index";
import "./photos/waiting";
import "./shut-out";
