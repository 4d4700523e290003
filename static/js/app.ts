// What the pages ask for by attributes; each behaviour is one file.
import "./unsaved"; // before those that stamp and send
import "./mint";
import "./locate";
import "./pick";
import "./stepper";
import "./send";
import "./trouble";
import "./portal";
import "./leave";
import "./outbox-page";
import "./fresh";
import "./morph";
