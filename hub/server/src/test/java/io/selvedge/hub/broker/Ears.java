package io.selvedge.hub.broker;

import java.util.concurrent.BlockingQueue;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttMessage;

/** Keeps the topics of what arrives. */
record Ears(BlockingQueue<String> heard) implements MqttCallback {

  @Override
  public void messageArrived(String topic, MqttMessage message) {
    heard.add(topic);
  }

  @Override
  public void connectionLost(Throwable cause) {}

  @Override
  public void deliveryComplete(IMqttDeliveryToken token) {}
}
